"""What was measured survives a restart, and cannot do harm."""

from pathlib import Path

from app.core.fit.learning import Run
from app.core.fit.speed import Calibration
from app.core.fit.speed_priors import TypeSpeed
from app.store.database import Database
from app.store.measurements import MAX_RECORDS, Measurements

CALIBRATION = Calibration(
    "engine 1",
    "Abacus",
    3,
    4,
    {"Q4_K": TypeSpeed(20e9, 2e11)},
    {1: 1e10, 3: 2e10},
    1e-5,
    1e9,
    1e10,
)


def test_a_calibration_comes_back_as_it_was(database: Database) -> None:
    Measurements(database).keep_calibration(CALIBRATION)
    (kept,) = Measurements(database).calibrations()
    assert kept.types == CALIBRATION.types
    assert kept.bandwidth_by_threads == {1: 1e10, 3: 2e10}
    assert kept.measured_at


def test_a_new_calibration_takes_the_place_of_the_old_one_and_of_what_was_said_beside_it(
    database: Database,
) -> None:
    measurements = Measurements(database)
    measurements.keep_calibration(CALIBRATION)
    measurements.learn(Run("model", write_factor=1.2))
    measurements.keep_calibration(CALIBRATION)
    assert len(measurements.calibrations()) == 1
    assert measurements.records() == {}


def test_runs_are_learnt_from_by_key(database: Database) -> None:
    measurements = Measurements(database)
    measurements.learn(Run("a", write_factor=1.2))
    measurements.learn(Run("a", predicted_bytes=100, real_bytes=110))
    measurements.learn(Run("b", read_factor=0.9))
    records = measurements.records()
    assert (records["a"].write_factor, records["a"].real_bytes) == (1.2, 110)
    assert records["b"].read_factor == 0.9


def test_no_more_is_remembered_than_is_of_use(database: Database) -> None:
    measurements = Measurements(database)
    for n in range(MAX_RECORDS + 5):
        measurements.learn(Run(f"{n}", write_factor=1.0))
    records = measurements.records()
    assert len(records) == MAX_RECORDS
    assert f"{MAX_RECORDS + 4}" in records


def test_what_another_version_wrote_is_passed_over(database: Database) -> None:
    measurements = Measurements(database)
    measurements.learn(Run("good", write_factor=1.0))
    with database.write() as connection:
        connection.execute("INSERT INTO run_record VALUES ('bad', '{\"n_answers\": []}', '')")
        connection.execute("INSERT INTO calibration VALUES ('e', 'p', 'nonsense', '')")
    assert list(measurements.records()) == ["good"]
    assert measurements.calibrations() == ()


def test_wanted_contexts_are_kept_by_model_and_can_be_taken_back(database: Database) -> None:
    measurements = Measurements(database)
    paths = Path("/models/a.gguf"), Path("/models/\udcff.gguf")
    for path in paths:
        measurements.want_context(path, 4096)
    measurements.want_context(paths[0], 16384)
    assert measurements.wanted_contexts() == {paths[0]: 16384, paths[1]: 4096}
    measurements.want_context(paths[0], 0)
    assert measurements.wanted_contexts() == {paths[1]: 4096}
