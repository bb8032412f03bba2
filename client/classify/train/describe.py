"""The words about the model: manifest.json and MODEL-CARD.md, filled with measured figures and nothing else."""
from data import CLASSES, FOLDS, INPUT_SIZE, SPLIT_SALT
from network import CELLS

# id: (Chinese, English, ICD-10, group, code of the `ai-class` value set)
_TRAINED = {
    "BCC": ("基底细胞癌", "Basal cell carcinoma", "C44", "malignant", "bcc"),
    "ACK": ("光化性角化病", "Actinic keratosis", "L57.0", "premalignant", "other"),
    "NEV": ("色素痣", "Melanocytic nevus", "D22", "benign", "other"),
    "SEK": ("脂溢性角化病", "Seborrhoeic keratosis", "L82", "benign", "seborrhoeic-keratosis"),
    "SCC": ("鳞状细胞癌(含鲍恩病)", "Squamous cell carcinoma (with Bowen disease)", "C44", "malignant", "other"),
    "MEL": ("黑色素瘤", "Melanoma", "C43", "malignant", "melanoma"),
}
_UNTRAINED = {
    "PSO": ("银屑病", "Psoriasis", "L40", "benign", "psoriasis"),
    "ECZ": ("湿疹", "Eczema", "L20/L30", "benign", "eczema"),
    "LE": ("红斑狼疮", "Lupus erythematosus", "L93", "benign", "lupus"),
    "PEM": ("天疱疮", "Pemphigus", "L10", "benign", "pemphigus"),
}
_PAD = ("Pacheco A.G.C. et al. (2020), PAD-UFES-20: a skin lesion dataset composed of patient data and clinical images "
        "collected from smartphones, Mendeley Data V1, doi:10.17632/zr7vgbcyr2.1; Data in Brief 32 (2020) 106221. "
        "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/. Changes: a part of the set, resized; used for training.")
_ISIC = ("Codella N. et al. (2018), ISIC 2017 Challenge, arXiv:1710.05006. CC0 1.0.")
_INTENDED = {
    "zh": "仅用于研究、教学和软件演示:实时推理、放弃回答与日志记录。未经临床验证,不是医疗器械,不得用于诊断、分诊或治疗决策。默认关闭,须由机构书面同意后启用。",
    "en": "Research, teaching and demonstration of live inference, abstention and logging only. Not clinically validated, "
          "not a medical device; not for diagnosis, triage or treatment. Off by default; a site turns it on and signs for it.",
}
_CONTRAINDICATIONS = [
    {"zh": "任何针对患者的决定,包括用于宽慰患者:未提示可疑不代表没有问题",
     "en": "Any decision about a patient, also to reassure: a missing suspicion means nothing"},
    {"zh": "皮肤镜、病理、X 线图片;全身照片;画面中有多处皮损",
     "en": "Dermoscopy, histology and X-ray pictures; whole-body pictures; more than one lesion in the frame"},
    {"zh": "皮疹、银屑病、湿疹、红斑狼疮、天疱疮、感染、黏膜、甲、毛发遮盖的头皮:从未训练",
     "en": "Rashes, psoriasis, eczema, lupus, pemphigus, infections, mucosa, nails, scalp under hair: never trained"},
    {"zh": "儿童,以及 Fitzpatrick IV 至 VI 型皮肤:训练图片极少或没有",
     "en": "Children, and skin of Fitzpatrick types IV to VI: too few or no pictures"},
]


def manifest(facts, figures):
    """The manifest as a dictionary; `facts` of the file, `figures` of evaluate.py."""
    run = figures["run"]
    return {
        "manifestVersion": 1,
        "name": "skin-net",
        "version": "0.1.0",
        "file": "model.onnx",
        "bytes": facts["bytes"],
        "sha256": facts["sha256"],
        "format": "onnx opset 13, IR 7, float32, batch norm folded",
        "status": "research",
        "input": {
            "name": "input", "type": "float32", "shape": [1, 3, INPUT_SIZE, INPUT_SIZE], "layout": "NCHW", "colour": "RGB",
            "resize": "centred square of the picture, to 128 x 128 with averaging over the area (antialiased), lesion in the middle",
            "normalise": {"formula": "byte / 127.5 - 1", "mean": [127.5] * 3, "scale": [127.5] * 3},
        },
        "outputs": [
            {"name": "logits", "type": "float32", "shape": [1, len(CLASSES)],
             "meaning": "one per trained label, in the order of labels; the mean of fmap; before the temperature"},
            {"name": "fmap", "type": "float32", "shape": [1, len(CLASSES), CELLS, CELLS],
             "meaning": "class-activation logits of every place, already weighted towards the centre; for patch votes and the overlay"},
        ],
        "labels": [_label(i, entry, True) for i, entry in _TRAINED.items()]
                  + [_label(i, entry, False) for i, entry in _UNTRAINED.items()],
        "calibration": {"method": "temperature", "temperature": figures["temperature"], "fittedOn": _validation_words(figures)},
        "thresholds": {**figures["thresholds"], "chosenOn": _validation_words(figures),
                       "meaning": "abstainBelow: highest probability, besides agreement of topArea; suspiciousAbove: BCC + SCC + MEL; "
                                  "both after the temperature"},
        "ood": {"method": "none", "note": "other kinds of picture are not recognised as such; use the quality and skin gates"},
        "quality": {
            "version": "1",
            "measuredOn": "256 x 256 grey of the centred square",
            "limits": {"laplacianVarianceMin": 13.8, "meanLumaMin": 80, "clippedPercentMax": 5.0, "glarePercentMax": 0.5},
        },
        "training": {
            "data": [
                {"set": "PAD-UFES-20, a part", "licence": "CC BY 4.0", "modality": "smartphone",
                 "images": sum(run["counts"].values()), "patients": run["patients"]},
                {"set": "ISIC 2017, a part", "licence": "CC0 1.0", "modality": "dermoscopy", "images": 1505,
                 "role": "second head in training only, not exported"},
            ],
            "split": f"by patient, stratified by rarest class, ordered by SHA-256 of '{SPLIT_SALT}:<patient>': "
                     f"{FOLDS} folds; fold 0 held out, never trained or tuned on",
            "classCounts": run["counts"],
            "backbone": f"Skin-Net, residual 16-24-48-96-128 with a bottleneck, from random weights, {facts['weights']} weights",
            "head": "1x1 convolution, weighted towards the centre (sigma 2.5 of 8 cells), mean",
            "teacher": _teacher_words(run),
            "recipe": f"AdamW, one cycle, {run['epochs']} epochs, class-balanced, mixup, label smoothing, averaged weights"
                      + (", bfloat16 arithmetic in training" if run["bfloat16"] else ""),
            "seed": run["seed"], "minutes": run["minutes"],
            "code": "client/classify/train",
        },
        "evaluation": _evaluation(figures),
        "limits": _limits(figures),
        "intendedUse": _INTENDED,
        "contraindications": _CONTRAINDICATIONS,
        "licence": {
            "weights": "Apache-2.0, as this repository; keep the attribution of the pictures",
            "data": "PAD-UFES-20 CC BY 4.0; ISIC 2017 CC0 1.0; no picture is in this repository",
            "attribution": [_PAD, _ISIC],
        },
    }


def _label(id_, entry, trained):
    chinese, english, icd10, group, ai_class = entry
    return {"id": id_, "name": {"zh": chinese, "en": english}, "icd10": icd10, "group": group,
            "trained": trained, "aiClass": ai_class}


def _validation_words(figures):
    part = figures["validation"]
    runs = " and ".join(f"fold {run['fold']} ({run['epochs']} epochs, {sum(run['counts'].values())} training pictures)"
                        for run in figures["validationRuns"])
    return (f"inner validation, {part['n']} pictures of {part['patients']} patients, none of them held out; answered by networks "
            f"of the same recipe that did not train on those patients: {runs}")


def _teacher_words(run):
    if not run["taught"]:
        return "none"
    return ("features and out-of-fold class probabilities of two MobileNetV2 trunks (ImageNet, iNaturalist insects; Apache-2.0) "
            "as targets on the training pictures; none of their weights is in this file; the pictures that "
            "the trunks were made from have terms of their own")


def _evaluation(figures):
    evaluation = {"view": "one, no flips", "imageOnly": True, "heldOutOpened": figures["heldOutOpened"],
                  "validation": {"set": _validation_words(figures), **figures["validation"]}}
    if "heldOut" in figures:
        evaluation["heldOut"] = {"set": "PAD-UFES-20 part, fold 0, patients never trained or tuned on", **figures["heldOut"]}
    return evaluation


def _limits(figures):
    part = figures.get("heldOut", figures["validation"])
    scc, mel = (part["recall"][c] for c in ("SCC", "MEL"))
    flagged = [figures[key]["atThresholds"]["flagged"]["MEL"] for key in ("heldOut", "validation") if key in figures]
    missed, melanomas = (sum(f["n"] - f["count"] for f in flagged), sum(f["n"] for f in flagged))
    return [
        {"zh": f"会漏掉黑色素瘤:所测 {melanomas} 例中有 {missed} 例未提示可疑;可疑阈值主要由基底细胞癌决定",
         "en": f"Misses melanoma: {missed} of the {melanomas} measured (held-out and validation) were not even flagged suspicious; "
               "basal cell carcinoma dominates that threshold"},
        {"zh": f"少见癌症按名称识别:鳞状细胞癌 {scc['n']} 例中 {scc['right']} 例,黑色素瘤 {mel['n']} 例中 {mel['right']} 例",
         "en": f"Rare cancers recognised by name in the measured part: SCC {scc['right']} of {scc['n']}, "
               f"melanoma {mel['right']} of {mel['n']}"},
        {"zh": "全部数据中鳞状细胞癌与黑色素瘤各仅 34 张图片,相关数字意义有限",
         "en": "34 SCC and 34 melanoma pictures in all the data; figures for them say little"},
        {"zh": "Fitzpatrick IV 至 VI 型:706 张中仅 23 张,270 张未记录;不能对深色皮肤作任何声明",
         "en": "Fitzpatrick IV to VI: 23 of 706 pictures, 270 unrecorded; nothing can be claimed for dark skin"},
        {"zh": "图片来自巴西同一网络的诊所;笔迹、标尺、手套与癌症同时出现,可能被当作线索",
         "en": "Pictures of one clinic network in Brazil; pen marks, rulers and gloves go along with cancers"},
        {"zh": "概率假定各类疾病频率大致相等,与各诊所实际频率不同",
         "en": "Probabilities suppose classes about equally frequent; a clinic's frequencies differ"},
        {"zh": "训练图片边长不超过 320 像素;未比较不同手机、光线和浏览器",
         "en": "Trained on pictures of at most 320 pixels; phones, lighting and browsers were not compared"},
        {"zh": "只看图片:表单中的年龄、部位和症状比更大的网络更有价值",
         "en": "Looks at the picture alone: age, site and symptoms from the form are worth more than a better network"},
        {"zh": "不能识别未知疾病或非皮肤图片",
         "en": "No detector of unknown diseases or of pictures that are not skin"},
    ]


def model_card(m):
    """MODEL-CARD.md from the manifest, so that the two cannot disagree."""
    evaluation = m["evaluation"]
    lines = [
        f"# Model card: {m['name']} {m['version']}", "",
        f"Status: **{m['status']}**. {m['intendedUse']['en']}", "", m["intendedUse"]["zh"], "",
        f"`{m['file']}`: {m['bytes']:,} bytes, sha256 `{m['sha256'][:8]}…`. This page is written by `client/classify/train/export.py`.", "",
        "## What it is", "",
        f"- {m['training']['backbone']}; {m['training']['head']}.",
        f"- Input {m['input']['shape']} {m['input']['colour']}, `{m['input']['normalise']['formula']}`; {m['input']['resize']}.",
        "- Output `logits` [1, 6] and `fmap` [1, 6, 8, 8]; softmax(logits / temperature), temperature "
        f"{m['calibration']['temperature']}.",
        f"- Made from {m['training']['data'][0]['images']} smartphone pictures of {m['training']['data'][0]['patients']} patients "
        f"({_counts(m['training']['classCounts'])}) and 1,505 dermoscopy pictures as a second task.",
        f"- Teacher: {m['training']['teacher']}.",
        f"- {m['training']['recipe']}; seed {m['training']['seed']}, {m['training']['minutes']} minutes on one processor thread.", "",
        "## Figures", "",
        f"One view, picture alone. The held-out part was opened {_times(evaluation['heldOutOpened'])}. "
        "Intervals: 95 %, bootstrap over patients.", "",
    ]
    for key, title in (("heldOut", "Held-out patients"), ("validation", "Inner validation")):
        if key in evaluation:
            lines += _part(title, evaluation[key])
    lines += ["## Warnings", ""] + [f"- {text['en']}." for text in m["limits"]] + [""]
    lines += ["Do not use for:", ""] + [f"- {text['en']}." for text in m["contraindications"]] + [""]
    lines += ["Psoriasis, eczema, lupus and pemphigus stand in the manifest as `trained: false`; there is no output for them.", "",
              "## Licence", ""] + [f"- {text}" for text in (m["licence"]["weights"] + ".", *m["licence"]["attribution"])]
    return "\n".join(lines) + "\n"


def _counts(counts):
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _times(count):
    return {0: "not at all so far", 1: "once"}.get(count, f"{count} times")


def _part(title, part):
    metrics, intervals = part["metrics"], part["intervals95ByPatient"]
    names = (("balancedAccuracy", "balanced accuracy, six classes"), ("balancedAccuracyMerged5", "balanced accuracy, BCC and SCC merged"),
             ("accuracy", "accuracy"), ("top2", "right answer among the first two"), ("macroAuc", "AUC, mean of classes"),
             ("malignantAuc", "AUC, malignant against the rest"), ("ece", "expected calibration error, 10 bins"),
             ("accuracyAt25", "accuracy, most confident quarter"), ("accuracyAt50", "accuracy, most confident half"),
             ("accuracyAt75", "accuracy, most confident three quarters"))
    lines = [f"### {title}: {part['n']} pictures, {part['patients']} patients", "", part["set"] + ".", "",
             "| figure | value | 95 % |", "|---|---|---|"]
    for key, words in names:
        low_high = " to ".join(f"{x:.2f}" for x in intervals[key]) if key in intervals else ""
        lines.append(f"| {words} | {metrics[key]:.3f} | {low_high} |")
    lines += ["", "| label | right of n | " + " | ".join(f"called {c}" for c in CLASSES) + " | flagged suspicious |",
              "|---|---|" + "---|" * (len(CLASSES) + 1)]
    at = part["atThresholds"]
    for c, row in zip(CLASSES, part["confusion"]["counts"]):
        lines.append(f"| {c} | {part['recall'][c]['right']} of {part['recall'][c]['n']} | " + " | ".join(map(str, row))
                     + f" | {at['flagged'][c]['count']} |")
    right = "none" if at["accuracyOfAnswers"] is None else f"{at['accuracyOfAnswers']:.0%}"
    lines += ["", f"At the thresholds of the manifest: answers {at['coverage']:.0%} of the pictures, {right} of those right; "
              f"malignant flagged {at['sensitivity']:.0%}, others left unflagged {at['specificity']:.0%}.", ""]
    if "bySubgroup" in part:
        types = ", ".join(f"{t}: {v['count']} of {v['n']}" for t, v in part["bySubgroup"]["fitzpatrick"].items())
        lines += [f"Right by Fitzpatrick type: {types}.", ""]
    return lines
