"""Measured quality loss of each quantization. Data only; `quality.py` puts it into words.

Sources, both in llama.cpp:

- divergence and probability change: tools/perplexity/README.md, "LLaMA 3 8b Scoreboard"
  (CUDA, Wikitext-2, against FP16). With an importance matrix where only that was measured, or
  where files of that type are hardly ever made without one (IQ1 to IQ4).
- bits: tools/quantize/README.md, bits per weight of Llama-3.1-8B.

Larger models lose less and older ones did (Llama-2-7B at Q2_K: 0.109 instead of 0.445), so this
orders quantizations of one model; it does not compare models.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasuredLoss:
    """What one quantization loses.

    Attributes:
        bits: of a weight, on average.
        divergence: mean Kullback-Leibler divergence of the predictions, nats a token.
        probability_change: root mean square change of the right token's probability, 0 to 1.
        is_measured: False where no measurement was found and neighbours were interpolated.
    """

    bits: float
    divergence: float
    probability_change: float
    is_measured: bool = True


LOSSES: dict[str, MeasuredLoss] = {
    "F32": MeasuredLoss(32.0, 0.0, 0.0),
    "BF16": MeasuredLoss(16.0, 0.0, 0.0),
    "F16": MeasuredLoss(16.0, 0.0006, 0.0079),
    "Q8_0": MeasuredLoss(8.50, 0.0014, 0.0120),
    "Q6_K": MeasuredLoss(6.56, 0.0055, 0.0230),
    "Q5_K_M": MeasuredLoss(5.70, 0.0108, 0.0316),
    "Q5_K_S": MeasuredLoss(5.57, 0.0166, 0.0392),
    "Q5_1": MeasuredLoss(6.00, 0.0180, 0.0412),
    "Q5_0": MeasuredLoss(5.57, 0.0222, 0.0463),
    "Q4_K_M": MeasuredLoss(4.89, 0.0313, 0.0552),
    "Q4_K_S": MeasuredLoss(4.67, 0.0431, 0.0656),
    "IQ4_NL": MeasuredLoss(4.68, 0.0357, 0.0600),
    "IQ4_XS": MeasuredLoss(4.46, 0.0363, 0.0604),
    "MXFP4": MeasuredLoss(4.25, 0.0400, 0.0620, is_measured=False),
    "NVFP4": MeasuredLoss(4.50, 0.0400, 0.0620, is_measured=False),
    "Q4_1": MeasuredLoss(5.10, 0.0717, 0.0851),
    "Q4_0": MeasuredLoss(4.66, 0.0719, 0.0843),
    "Q3_K_L": MeasuredLoss(4.30, 0.0872, 0.0943),
    "Q3_K_M": MeasuredLoss(4.00, 0.1019, 0.1020),
    "IQ3_M": MeasuredLoss(3.76, 0.1025, 0.1051),
    "IQ3_S": MeasuredLoss(3.66, 0.1113, 0.1085),
    "IQ3_XS": MeasuredLoss(3.50, 0.1387, 0.1215),
    "IQ3_XXS": MeasuredLoss(3.25, 0.1836, 0.1384),
    "Q3_K_S": MeasuredLoss(3.64, 0.2282, 0.1554),
    "IQ2_M": MeasuredLoss(2.93, 0.3260, 0.1852),
    "IQ2_S": MeasuredLoss(2.74, 0.4392, 0.2149),
    "Q2_K": MeasuredLoss(3.16, 0.4451, 0.2142),
    "Q2_K_S": MeasuredLoss(2.97, 0.4034, 0.2005),
    "IQ2_XS": MeasuredLoss(2.59, 0.5463, 0.2387),
    "IQ2_XXS": MeasuredLoss(2.38, 0.8120, 0.2858),
    "TQ2_0": MeasuredLoss(2.06, 1.0, 0.32, is_measured=False),
    "Q2_0": MeasuredLoss(2.25, 1.0, 0.32, is_measured=False),
    "IQ1_M": MeasuredLoss(2.15, 1.3931, 0.3829),
    "TQ1_0": MeasuredLoss(1.69, 1.5, 0.40, is_measured=False),
    "IQ1_S": MeasuredLoss(2.00, 2.2546, 0.4627),
    "Q1_0": MeasuredLoss(1.13, 2.5, 0.50, is_measured=False),
}
