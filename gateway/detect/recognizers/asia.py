"""Numbers that states in Asia, the Pacific and Africa and their registries issue.

Law: a table (``issued.Row``); what is behind a name is in ``checks.asia``.
"""

from __future__ import annotations

from typing import Final

from gateway.detect.checks import asia as check
from gateway.detect.recognizers.issued import Row

_BIRTH: Final = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

ASIA: Final = (
    Row(
        type="AE_EMIRATES_ID",
        alone=["###-####-#######-#", "###############"],
        check=check.ae_id,
        words="emirates id, هوية, الهوية, رقم الهوية, identity card",
    ),
    Row(
        type="AU_ABN",
        alone=["## ### ### ###"],
        led=["###########", "##-###-###-###"],
        check=check.au_abn,
        words="abn, australian business number, business number",
    ),
    Row(
        type="AU_MEDICARE",
        led=["#### ##### #", "##########", "###########", "#### ##### # #", "####-#####-#"],
        check=check.au_medicare,
        words="medicare, medicare card, medicare number",
    ),
    Row(
        type="AU_TFN",
        led=["### ### ###", "#########", "###-###-###"],
        check=check.au_tfn,
        words="tfn, tax file number, tax file",
    ),
    Row(
        type="CN_RESIDENT_ID",
        alone=[rf"[1-9]\d{{5}}{_BIRTH}\d{{3}}[\dX]"],
        led=[rf"[1-9]\d{{5}} ?{_BIRTH} ?\d{{3}}[\dX]"],
        check=check.cn_resident_id,
        words="身份证, 身份證, 公民身份, 证件号, resident identity, id card",
    ),
    Row(
        type="HK_ID",
        alone=[r"[A-Z]{1,2}\d{6} ?\([\dA]\)"],
        led=[r"[A-Z]{1,2}\d{6}[\dA]"],
        check=check.hk_id,
        words="hkid, 身份證, 香港身份證, hong kong identity, id card, identity card",
    ),
    Row(
        type="ID_NIK",
        led=["################", "#### #### #### ####", "##.####.######.####"],
        check=check.id_nik,
        words="nik, ktp, nomor induk kependudukan, kependudukan",
    ),
    Row(
        type="IL_ID",
        led=["#########", "########-#"],
        check=check.il_id,
        words="תעודת זהות, מספר זהות, ת ז, teudat zehut, israeli id, identity number",
    ),
    Row(
        type="IN_AADHAAR",
        alone=["#### #### ####", "####-####-####"],
        led=["############"],
        check=check.in_aadhaar,
        words="aadhaar, aadhar, uidai, uid, आधार",
    ),
    Row(
        type="IN_GSTIN",
        alone=[r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[\dA-Z]"],
        check=check.in_gstin,
        words="gstin, gst",
    ),
    Row(
        type="IN_PAN",
        alone=[r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]"],
        led=[r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]"],
        words="pan, pan card, permanent account, पैन",
    ),
    Row(
        type="JP_MY_NUMBER",
        led=["############", "#### #### ####", "####-####-####"],
        check=check.jp_my_number,
        words="マイナンバー, 個人番号, my number, individual number, kojin bango",
    ),
    Row(
        type="KR_RRN",
        alone=["######-#######"],
        led=["#############"],
        check=check.kr_rrn,
        words="주민등록번호, 주민번호, 주민등록, 외국인등록번호, resident registration, rrn",
    ),
    Row(
        type="KR_RRN",
        led=["######-#######", "#############"],
        check=check.kr_rrn_day,
        words="주민등록번호, 주민번호, 주민등록, 외국인등록번호, resident registration, rrn",
    ),
    Row(
        type="MY_NRIC",
        alone=["######-##-####"],
        led=["############"],
        check=check.my_nric,
        words="nric, mykad, kad pengenalan, kp, ic number, ic",
    ),
    Row(
        type="NZ_IRD",
        led=["##-###-###", "###-###-###", "########", "#########", "## ### ###", "### ### ###"],
        check=check.nz_ird,
        words="ird, ird number, inland revenue",
    ),
    Row(
        type="PH_TIN",
        led=["###-###-###-###", "###-###-###", "###-###-###-#####", "############"],
        words="tin, taxpayer identification, bir",
    ),
    Row(
        type="PH_UMID",
        led=["####-#######-#", "##-#######-#", "############"],
        words="umid, crn, sss, sss number, common reference",
    ),
    Row(
        type="SG_NRIC_FIN",
        alone=[r"[STFGM]\d{7}[A-Z]"],
        check=check.sg_nric,
        words="nric, fin, singapore",
    ),
    Row(
        type="TH_ID",
        alone=["#-####-#####-##-#", "# #### ##### ## #"],
        led=["#############"],
        check=check.th_id,
        words="บัตรประชาชน, เลขประจำตัวประชาชน, ประจำตัว, thai id, citizen id, national id",
    ),
    Row(
        type="TW_ID",
        led=[r"[A-Z][1289]\d{8}"],
        check=check.tw_id,
        words="身分證, 身份證, 統一編號, 居留證, taiwan id, national id, identity card",
    ),
    Row(
        type="ZA_ID",
        alone=["#############", "###### #### ###"],
        check=check.za_id,
        words="id number, identity number, south african id, rsa id, identiteitsnommer",
    ),
)
