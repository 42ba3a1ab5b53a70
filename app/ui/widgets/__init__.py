"""Small widgets shared by the rooms; none knows a room."""
