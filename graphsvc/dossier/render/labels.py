# ruff: noqa: E501 - a table reads best one entry a line
"""Words of the pages and printed dossiers, in English and Chinese."""

from __future__ import annotations

from graphsvc.dossier.compose import METHOD

LANGUAGES = ("en", "zh")

_WORDS: dict[str, tuple[str, str]] = {
    "dossier": ("Racket dossier", "制售假窝点线索卷宗"),
    "restricted": (
        "Restricted — for law enforcement and authorised partners",
        "内部资料 — 仅供执法机关及获授权单位使用",
    ),
    "racket": ("Racket", "团伙"),
    "rank": ("Rank", "排名"),
    "score": ("Score", "评分"),
    "confidence": ("Confidence", "置信度"),
    "stores": ("Stores", "店铺"),
    "sites": ("Sites", "地点"),
    "accounts": ("Payment accounts", "收款账户"),
    "value": ("30-day sales", "近30天销售额"),
    "fakes": ("Confirmed fakes", "已鉴定为假货"),
    "people": ("People and firms", "人员与企业"),
    "contacts": ("Telephones, e-mail, licences", "电话、邮箱、执照"),
    "brands": ("Brands", "品牌"),
    "evidence": ("What ties the stores together", "店铺关联证据"),
    "aside": ("Shared, but set aside: probably serves the public", "共用但不作为证据：可能为公共服务"),
    "choke": ("What to secure first", "首要控制目标"),
    "choke_note": (
        "Ordered by how much of the group's evidence hangs on each. Securing these breaks the group apart.",
        "按其承载的团伙证据份额排序；控制这些目标即可瓦解团伙。",
    ),
    "network": ("Network", "关系图"),
    "network_note": (
        "Circles are stores; boxes are what they share, named as in the tables below. A red ring marks what to secure first.",
        "圆圈为店铺，方框为其共用的对象，编号与下列表格一致；红圈为首要控制目标。",
    ),
    "network_none": ("The stores share nothing that can be drawn.", "无可绘制的共用关系。"),
    "left_out": (
        "Not drawn: {hubs} shared things that probably serve the public, {unlinked} stores without a drawn link.",
        "未绘出：{hubs} 个可能为公共服务的共用对象，{unlinked} 家无已绘关联的店铺。",
    ),
    "test_buys": ("Test buys", "试购记录"),
    "notices": ("Takedown notices", "侵权通知"),
    "outcomes": ("Earlier operations", "既往行动"),
    "method": ("How this was found", "方法说明"),
    "limits": ("Limits", "使用限制"),
    "not_available": ("Not available", "暂无资料"),
    "ref": ("No.", "编号"),
    "store": ("Store", "店铺"),
    "id": ("Id", "标识"),
    "status": ("Status", "状态"),
    "role": ("Role", "角色"),
    "member": ("Belongs", "归属概率"),
    "counterfeit": ("Sells fakes", "售假概率"),
    "stability": ("Stays", "归属稳定性"),
    "apart": ("joined by what it does", "仅凭经营行为归入"),
    "opened": ("Opened", "开店"),
    "place": ("Place", "地点"),
    "division": ("Division", "行政区划"),
    "use": ("Used for", "用途"),
    "coordinates": ("Coordinates", "坐标"),
    "seen": ("Seen", "时间"),
    "public_site": ("probably a public service", "可能为公共服务点"),
    "public": ("Serves the public", "公共服务概率"),
    "account": ("Account (masked)", "账户（掩码）"),
    "kind": ("Kind", "类型"),
    "institution": ("Institution", "机构"),
    "holder": ("Holder", "持有人"),
    "transactions": ("Payments", "交易数"),
    "name": ("Name", "名称"),
    "registered": ("Stores registered", "登记店铺"),
    "held": ("Accounts held", "持有账户"),
    "what": ("What", "对象"),
    "members": ("Stores", "店铺数"),
    "weight": ("Weight", "权重"),
    "sources": ("Who says so", "来源"),
    "share": ("of the stores", "占店铺"),
    "cut": ("Evidence lost", "证据损失"),
    "pieces": ("Falls into", "分裂为"),
    "parts": ("parts", "部分"),
    "listings": ("Listings", "商品"),
    "suspect": ("Suspicious", "可疑"),
    "price": ("Lowest price / usual", "最低价/常价"),
    "brand": ("Brand", "品牌"),
    "on": ("On", "日期"),
    "verdict": ("Verdict", "鉴定结论"),
    "examiner": ("Examiner", "鉴定人"),
    "origin": ("Sent from", "发货地"),
    "outcome": ("Outcome", "结果"),
    "reason": ("Reason", "理由"),
    "operation": ("Operation", "行动"),
    "authority": ("Authority", "机关"),
    "amount": ("Amount", "金额"),
    "jurisdiction": ("Jurisdictions", "管辖地"),
    "run": ("Run", "运行编号"),
    "as_of": ("Data up to", "数据截至"),
    "seal": ("Content seal (SHA-256)", "内容校验 (SHA-256)"),
    "page_rackets": ("Ranked rackets", "团伙排名"),
    "sign_in": ("Sign in", "登录"),
    "sign_out": ("Sign out", "退出"),
    "key": ("Access key", "访问密钥"),
    "key_help": (
        "Paste the key you were given. It begins with gsv_.",
        "请粘贴发给您的密钥（以 gsv_ 开头）。",
    ),
    "adcode": ("Division code", "行政区划代码"),
    "filter": ("Show", "筛选"),
    "next": ("Next page", "下一页"),
    "first": ("First page", "首页"),
    "open": ("Open dossier", "打开卷宗"),
    "print": ("Print with the browser's print command (A4).", "请用浏览器打印（A4）。"),
    "back": ("Back to the list", "返回列表"),
    "none": ("No racket matches.", "没有符合条件的团伙。"),
    "signed_in": ("Signed in as", "当前用户"),
    "all_status": ("All", "全部"),
    "secure": ("Secure first", "首要目标"),
    "download": ("Download", "下载"),
    "min_score": ("Score from", "最低评分"),
    "problem": ("Not possible", "无法完成"),
    "warehouse": ("Warehouse", "仓库"),
    "wallet_note": ("store", "店铺"),
    "unknown": ("unknown", "不详"),
    "where": ("Where", "地点"),
    "active": ("active", "营业"),
    "closed": ("closed", "关闭"),
    "removed": ("removed", "已下架"),
    "suspect_status": ("suspect", "可疑"),
    "harmless": ("harmless", "无害"),
    "core": ("core", "核心"),
    "attached": ("attached", "外围"),
    "counterfeit_verdict": ("counterfeit", "假货"),
    "genuine": ("genuine", "正品"),
    "inconclusive": ("inconclusive", "无法判定"),
    "pending": ("pending", "待定"),
    "rejected": ("rejected", "驳回"),
    "arrest": ("arrest", "抓捕"),
    "site_closed": ("site closed", "查封窝点"),
    "store_closed": ("store closed", "关闭店铺"),
    "goods_seized": ("goods seized", "查扣货物"),
    "no_finding": ("nothing found", "无发现"),
    "own": ("own", "自营"),
    "third_party": ("third party", "第三方"),
    "Seller": ("Store", "店铺"),
    "Address": ("Address", "地址"),
    "PaymentAccount": ("Payment account", "收款账户"),
    "Warehouse": ("Warehouse", "仓库"),
    "Phone": ("Telephone", "电话"),
    "Email": ("E-mail", "邮箱"),
    "Licence": ("Licence", "营业执照"),
    "Person": ("Person or firm", "人员/企业"),
    "SHIPS_FROM": ("ships from", "发货"),
    "RETURNS_TO": ("returns", "退货"),
    "REGISTERED_AT": ("registered", "注册"),
    "STOCKS_AT": ("warehouse", "仓储"),
    "PAID_TO": ("paid to", "收款"),
    "USES_PHONE": ("telephone", "电话"),
    "USES_EMAIL": ("e-mail", "邮箱"),
    "LICENSED_AS": ("licence", "执照"),
    "REGISTERED_BY": ("registered by", "登记人"),
    "sure": ("almost certainly one operation", "几乎可以确定为同一团伙"),
    "very": ("very likely one operation", "很可能为同一团伙"),
    "likely": ("likely one operation", "可能为同一团伙"),
    "uncertain": ("uncertain whether one operation", "是否同一团伙尚不确定"),
    "unlikely": ("probably not one operation", "可能并非同一团伙"),
}

_SENTENCES: dict[str, str] = dict(
    zip(
        METHOD,
        (
            "按店铺共用的对象分组：地址、收款账户、仓库、电话、邮箱、执照和人员。",
            "每个共用对象按“互不相关的店铺碰巧共用它”的可能性加权；可能服务公众的对象不计入证据。",
            "分组方法带固定种子、可重复；团伙按一次行动可缴获的规模排序。",
            "置信度是这些店铺同属一个团伙的概率；评分仅用于排序。",
        ),
        strict=True,
    )
) | {
    "A dossier is a lead, not a proof: every link is to be confirmed before anyone is accused.": "本卷宗是线索而非证据：指控任何人之前须逐项核实。",
    "People of the same name cannot be told apart here.": "同名人员在此无法区分。",
    "A genuine test buy is weak evidence of innocence, for sellers recognise known testers.": "试购为正品并不足以证明清白，售假者会识别试购人。",
    "Payment accounts are shown masked; full numbers stay with whoever supplied them.": "收款账户以掩码显示，完整号码由提供方保管。",
    "No address or warehouse of these stores is known.": "未掌握这些店铺的地址或仓库。",
    "No payment account of these stores is known.": "未掌握这些店铺的收款账户。",
    "No registrant of these stores and no holder of their accounts is known.": "未掌握店铺登记人及账户持有人。",
    "No telephone, e-mail address or licence of these stores is known.": "未掌握这些店铺的电话、邮箱或执照。",
    "No listing of these stores has been scanned.": "尚未扫描这些店铺的商品。",
    "The stores share nothing that is recorded.": "未记录到店铺之间的共用对象。",
    "The run recorded none for this group.": "本次运行未记录该团伙的要害。",
    "No test buy from these stores is recorded.": "没有对这些店铺的试购记录。",
    "No takedown notice against these stores is recorded.": "没有针对这些店铺的侵权通知。",
    "No earlier operation at these stores is recorded.": "没有涉及这些店铺的既往行动记录。",
    "Payment accounts are shown to investigators and the police only.": "收款账户仅向调查人员和公安机关显示。",
    "People are shown to investigators and the police only.": "人员信息仅向调查人员和公安机关显示。",
    "Telephones, e-mail addresses and licences are shown to investigators and the police only.": "电话、邮箱和执照仅向调查人员和公安机关显示。",
    "Operations are shown to investigators and the police only.": "行动信息仅向调查人员和公安机关显示。",
    "It would cover the sales of other brands.": "该数值会涉及其他品牌的销售额。",
    "Only your own brands are shown.": "仅显示您所属的品牌。",
}

_PARTS = {
    "sites": "sites",
    "accounts": "accounts",
    "people": "people",
    "contacts": "contacts",
    "brands": "brands",
    "evidence": "evidence",
    "choke points": "choke",
    "test buys": "test_buys",
    "notices": "notices",
    "outcomes": "outcomes",
    "estimated value": "value",
}


class Words:
    """The words of one language; unknown ones come back as they are."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._index = LANGUAGES.index(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the word for ``key``."""
        pair = _WORDS.get(key)
        text = pair[self._index] if pair else key
        return text.format(**values) if values else text

    def sentence(self, text: str) -> str:
        """Return a sentence of the document in this language, or as written."""
        return _SENTENCES.get(text, text) if self.language == "zh" else text

    def part(self, name: str) -> str:
        """Return how a part of the dossier is called."""
        return self(_PARTS[name]) if name in _PARTS else name


def likelihood(confidence: float) -> str:
    """Return the key of the words for a probability.

    >>> likelihood(0.97), likelihood(0.5), likelihood(0.1)
    ('sure', 'uncertain', 'unlikely')
    """
    steps = ((0.95, "sure"), (0.8, "very"), (0.6, "likely"), (0.4, "uncertain"))
    return next((words for least, words in steps if confidence >= least), "unlikely")
