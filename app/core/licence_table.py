"""Licences of models on the Hub. Data only; `licences.py` finds the row.

Sources: the texts of the licences and the gates of the publishers' pages, as gathered for the
catalogue in November 2026. Ids are those of the Hub's list of licences.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.translation import QT_TRANSLATE_NOOP


class LicenceBadge(StrEnum):
    """A licence in one word."""

    FREE = "free"
    """Free to use, also at work."""
    CONDITIONS = "conditions"
    """Free to use, with conditions that are worth knowing."""
    PRIVATE_ONLY = "private_only"
    """For private use or research only."""
    NOT_STATED = "not_stated"
    """The publisher does not say, or nobody here knows the licence."""


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence allows.

    Attributes:
        key: the Hub's id or the name for "other"; empty if none is stated.
        title: for the user; those of `NOT_STATED` and `UNKNOWN` are to be translated.
        badge: in one word.
        conditions: sentences to be translated in the context "licences", the weightiest first.
        is_open_source: approved by the Open Source Initiative; the others only lay open the
            weights.
        link: where the text is; may be empty.
    """

    key: str
    title: str
    badge: LicenceBadge
    conditions: tuple[str, ...] = ()
    is_open_source: bool = False
    link: str = ""


_KEEP_NOTICE = QT_TRANSLATE_NOOP(
    "licences", "If you pass the model on, pass on its licence and notices too."
)
_SHARE_SOURCE = QT_TRANSLATE_NOOP(
    "licences", "If you pass on a changed version, you must share how you changed it."
)
_CREDIT = QT_TRANSLATE_NOOP("licences", "Name the author when you use or share it.")
_ALIKE = QT_TRANSLATE_NOOP("licences", "Changed versions must be shared under the same terms.")
_UNCHANGED = QT_TRANSLATE_NOOP("licences", "Changed versions must not be shared.")
_NOT_AT_WORK = QT_TRANSLATE_NOOP("licences", "Not for work or any other commercial purpose.")
_RESEARCH = QT_TRANSLATE_NOOP("licences", "For research and trying out only, not for work.")
_NOT_IN_COMPANY = QT_TRANSLATE_NOOP(
    "licences", "Not even inside a company; ask the publisher for another licence."
)
_USES_FORBIDDEN = QT_TRANSLATE_NOOP(
    "licences", "The publisher lists uses that are forbidden, such as harming people."
)
_PASS_RULES_ON = QT_TRANSLATE_NOOP(
    "licences", "If you pass it on, its rules must be passed on too."
)
_BUILT_WITH_LLAMA = QT_TRANSLATE_NOOP(
    "licences", "Products that contain it must say “Built with Llama”."
)
_700_MILLION = QT_TRANSLATE_NOOP(
    "licences", "Companies with over 700 million users a month must ask Meta first."
)
_100_MILLION = QT_TRANSLATE_NOOP(
    "licences", "Companies with over 100 million users a month must ask the publisher first."
)
_NO_TRAINING = QT_TRANSLATE_NOOP("licences", "Its answers must not be used to train other models.")
_EU_PICTURES = QT_TRANSLATE_NOOP(
    "licences",
    "Versions that see pictures are not licensed to makers of products in the EU; using such a"
    " product is allowed.",
)
_NOT_IN_EU = QT_TRANSLATE_NOOP(
    "licences", "Not licensed in the European Union, the United Kingdom and South Korea."
)
_MAY_RESTRICT = QT_TRANSLATE_NOOP(
    "licences", "Google may restrict a use that it thinks breaks the rules."
)
_10_MILLION_INCOME = QT_TRANSLATE_NOOP(
    "licences", "Free for you unless your company earns 10 million US dollars a year or more."
)
_NON_PROFIT = QT_TRANSLATE_NOOP("licences", "Non-profits and research may use it freely.")
_GUARDRAILS = QT_TRANSLATE_NOOP(
    "licences", "The licence ends for whoever removes its safety measures without others."
)
_ATTRIBUTE = QT_TRANSLATE_NOOP(
    "licences", "If you pass it on, say whose it is and under which licence."
)
_NO_PRODUCTION = QT_TRANSLATE_NOOP(
    "licences", "Not for work: only to test and to do research with."
)
_HOSTING = QT_TRANSLATE_NOOP(
    "licences", "Offering it to others as a service needs the publisher's permission."
)
_READ_IT = QT_TRANSLATE_NOOP(
    "licences", "Quillhouse does not know this licence: read it before you use it at work."
)
_ASK = QT_TRANSLATE_NOOP(
    "licences", "No licence is stated: ask the publisher before you use it at work."
)

_APACHE = "https://www.apache.org/licenses/LICENSE-2.0"
_CC = "https://creativecommons.org/licenses/"
_OSI = "https://opensource.org/license/"
_RAIL = "https://www.licenses.ai/"
_FREE, _CONDITIONS = LicenceBadge.FREE, LicenceBadge.CONDITIONS
_PRIVATE = LicenceBadge.PRIVATE_ONLY


def _open(key: str, title: str, link: str, *conditions: str) -> Licence:
    """Give an open-source licence: free at work."""
    return Licence(key, title, _FREE, conditions or (_KEEP_NOTICE,), True, link)


def _llama(key: str, title: str, folder: str, *further: str) -> Licence:
    link = f"https://www.llama.com/{folder}/license/"
    return Licence(key, title, _CONDITIONS, (*further, _USES_FORBIDDEN, _700_MILLION), link=link)


def _rail(key: str, title: str) -> Licence:
    return Licence(key, title, _CONDITIONS, (_USES_FORBIDDEN, _PASS_RULES_ON), link=_RAIL)


_ROWS = (
    _open("apache-2.0", "Apache 2.0", _APACHE),
    _open("mit", "MIT", f"{_OSI}mit"),
    _open("bsd-2-clause", "BSD 2-Clause", f"{_OSI}bsd-2-clause"),
    _open("bsd-3-clause", "BSD 3-Clause", f"{_OSI}bsd-3-clause"),
    _open("afl-3.0", "Academic Free License 3.0", f"{_OSI}afl-3-0-php"),
    _open("artistic-2.0", "Artistic License 2.0", f"{_OSI}artistic-2-0"),
    _open("isc", "ISC", f"{_OSI}isc-license-txt"),
    _open("mpl-2.0", "Mozilla Public License 2.0", f"{_OSI}mpl-2-0", _SHARE_SOURCE, _KEEP_NOTICE),
    _open("gpl-2.0", "GNU GPL 2.0", f"{_OSI}gpl-2-0", _SHARE_SOURCE, _KEEP_NOTICE),
    _open("gpl-3.0", "GNU GPL 3.0", f"{_OSI}gpl-3-0", _SHARE_SOURCE, _KEEP_NOTICE),
    _open("lgpl-3.0", "GNU LGPL 3.0", f"{_OSI}lgpl-3-0", _SHARE_SOURCE, _KEEP_NOTICE),
    _open("agpl-3.0", "GNU AGPL 3.0", f"{_OSI}agpl-v3", _SHARE_SOURCE, _KEEP_NOTICE),
    Licence(
        "cc0-1.0", "CC0 1.0", _FREE, link="https://creativecommons.org/publicdomain/zero/1.0/"
    ),
    Licence("cc-by-4.0", "CC BY 4.0", _FREE, (_CREDIT,), link=f"{_CC}by/4.0/"),
    Licence("cc-by-3.0", "CC BY 3.0", _FREE, (_CREDIT,), link=f"{_CC}by/3.0/"),
    Licence(
        "cc-by-sa-4.0", "CC BY-SA 4.0", _CONDITIONS, (_ALIKE, _CREDIT), link=f"{_CC}by-sa/4.0/"
    ),
    Licence(
        "cc-by-sa-3.0", "CC BY-SA 3.0", _CONDITIONS, (_ALIKE, _CREDIT), link=f"{_CC}by-sa/3.0/"
    ),
    Licence(
        "cc-by-nd-4.0", "CC BY-ND 4.0", _CONDITIONS, (_UNCHANGED, _CREDIT), link=f"{_CC}by-nd/4.0/"
    ),
    Licence(
        "cc-by-nc-4.0", "CC BY-NC 4.0", _PRIVATE, (_NOT_AT_WORK, _CREDIT), link=f"{_CC}by-nc/4.0/"
    ),
    Licence(
        "cc-by-nc-3.0", "CC BY-NC 3.0", _PRIVATE, (_NOT_AT_WORK, _CREDIT), link=f"{_CC}by-nc/3.0/"
    ),
    Licence(
        "cc-by-nc-2.0", "CC BY-NC 2.0", _PRIVATE, (_NOT_AT_WORK, _CREDIT), link=f"{_CC}by-nc/2.0/"
    ),
    Licence(
        "cc-by-nc-sa-4.0",
        "CC BY-NC-SA 4.0",
        _PRIVATE,
        (_NOT_AT_WORK, _ALIKE, _CREDIT),
        link=f"{_CC}by-nc-sa/4.0/",
    ),
    Licence(
        "cc-by-nc-nd-4.0",
        "CC BY-NC-ND 4.0",
        _PRIVATE,
        (_NOT_AT_WORK, _UNCHANGED, _CREDIT),
        link=f"{_CC}by-nc-nd/4.0/",
    ),
    _rail("openrail", "OpenRAIL"),
    _rail("openrail++", "OpenRAIL++"),
    _rail("bigscience-openrail-m", "BigScience OpenRAIL-M"),
    _rail("bigscience-bloom-rail-1.0", "BigScience BLOOM RAIL 1.0"),
    _rail("bigcode-openrail-m", "BigCode OpenRAIL-M"),
    _rail("creativeml-openrail-m", "CreativeML OpenRAIL-M"),
    _llama("llama2", "Llama 2", "llama2", _NO_TRAINING),
    _llama("llama3", "Llama 3", "llama3", _BUILT_WITH_LLAMA, _NO_TRAINING),
    _llama("llama3.1", "Llama 3.1", "llama3_1", _BUILT_WITH_LLAMA),
    _llama("llama3.2", "Llama 3.2", "llama3_2", _BUILT_WITH_LLAMA, _EU_PICTURES),
    _llama("llama3.3", "Llama 3.3", "llama3_3", _BUILT_WITH_LLAMA, _EU_PICTURES),
    _llama("llama4", "Llama 4", "llama4", _BUILT_WITH_LLAMA, _EU_PICTURES),
    Licence(
        "gemma",
        "Gemma",
        _CONDITIONS,
        (_USES_FORBIDDEN, _PASS_RULES_ON, _MAY_RESTRICT),
        link="https://ai.google.dev/gemma/terms",
    ),
    Licence("qwen", "Qwen", _CONDITIONS, (_100_MILLION, _KEEP_NOTICE)),
    Licence("qwen-research", "Qwen Research", _PRIVATE, (_RESEARCH,)),
    Licence("mrl", "Mistral Research", _PRIVATE, (_NOT_AT_WORK, _NOT_IN_COMPANY)),
    Licence("mnpl", "Mistral Non-Production", _PRIVATE, (_NO_PRODUCTION,)),
    Licence("lfm1.0", "LFM Open License 1.0", _CONDITIONS, (_10_MILLION_INCOME, _NON_PROFIT)),
    Licence("deepseek", "DeepSeek", _CONDITIONS, (_USES_FORBIDDEN, _PASS_RULES_ON)),
    Licence("falcon-llm-license", "Falcon", _CONDITIONS, (_USES_FORBIDDEN, _ATTRIBUTE)),
    Licence("falcon-180b-license", "Falcon 180B", _CONDITIONS, (_HOSTING, _USES_FORBIDDEN)),
    Licence(
        "nvidia-open-model-license", "NVIDIA Open Model", _CONDITIONS, (_GUARDRAILS, _ATTRIBUTE)
    ),
    Licence("exaone", "EXAONE", _PRIVATE, (_NOT_AT_WORK,)),
    Licence("apple-amlr", "Apple Research", _PRIVATE, (_RESEARCH,)),
    Licence("apple-ascl", "Apple Sample Code", _FREE, (_KEEP_NOTICE,)),
    Licence("deepfloyd-if-license", "DeepFloyd IF", _PRIVATE, (_RESEARCH,)),
    Licence("tencent-hunyuan", "Tencent Hunyuan", _CONDITIONS, (_NOT_IN_EU, _100_MILLION)),
)
LICENCES = {one.key: one for one in _ROWS}
"""By the Hub's id, or the name for "other"."""

NOT_STATED = Licence(
    "", QT_TRANSLATE_NOOP("licences", "Licence not stated"), LicenceBadge.NOT_STATED, (_ASK,)
)
UNKNOWN = Licence(
    "other",
    QT_TRANSLATE_NOOP("licences", "The publisher's own licence"),
    LicenceBadge.NOT_STATED,
    (_READ_IT,),
)

OTHER_NAMES = {
    "apache": "apache-2.0",
    "apache-license-2.0": "apache-2.0",
    "mit-license": "mit",
    "cc-by-nc": "cc-by-nc-4.0",
    "llama-2": "llama2",
    "llama-3": "llama3",
    "llama-3.1": "llama3.1",
    "llama-3.2": "llama3.2",
    "llama-3.3": "llama3.3",
    "llama-4": "llama4",
    "gemma-terms-of-use": "gemma",
    "tongyi-qianwen": "qwen",
    "tongyi-qianwen-license-agreement": "qwen",
    "tongyi-qianwen-research": "qwen-research",
    "qwen-license": "qwen",
    "qwen-research-license": "qwen-research",
    "mistral-research-license": "mrl",
    "mistral-ai-research-license": "mrl",
    "mistral-ai-non-production-license": "mnpl",
    "mnpl-0.1": "mnpl",
    "lfm-1.0": "lfm1.0",
    "lfm-open-license-v1.0": "lfm1.0",
    "lfm-open-license-1.0": "lfm1.0",
    "deepseek-license": "deepseek",
    "deepseek-license-agreement": "deepseek",
    "falcon-llm": "falcon-llm-license",
    "tii-falcon-llm-license": "falcon-llm-license",
    "tii-falcon-license": "falcon-llm-license",
    "nvidia-open-model": "nvidia-open-model-license",
    "nvidia-nemotron-open-model-license": "nvidia-open-model-license",
    "exaone-ai-model-license": "exaone",
    "exaone-ai-model-license-agreement": "exaone",
    "tencent-hunyuan-community": "tencent-hunyuan",
    "tencent-hunyuan-community-license": "tencent-hunyuan",
    "hunyuan-community": "tencent-hunyuan",
}
"""Other ways in which people write them, folded."""
