"""What rules call the things of everyday speech: 老师 is 教师, 老人 is 老年人, 钱 is 资金 or 费用.

A question in plain words has few words in common with the sentence that answers it. Each line gives
a plain word and what official texts say for it; the list is from general knowledge of the language,
over all subjects of public administration, and only helps a sentence: it takes nothing from any.
"""

from functools import cache

_LISTED = """
老师 教师 教职工 专任教师
孩子 儿童 学生 子女 未成年人 婴幼儿
小孩 儿童 学生 子女 未成年人 婴幼儿
娃 儿童 学生 子女 婴幼儿
宝宝 婴幼儿 儿童
学费 收费 保教费 费用
读书 入学 就学 就读
上学 入学 就学 就读
退学 辍学 失学
不上学 辍学 失学
托班 托育 托位
幼师 幼儿园教师 保教人员
家长 监护人 父母
爸妈 父母
爸爸 父亲 男方
妈妈 母亲 女方
爷爷 老年人
奶奶 老年人
老人 老年人 高龄
老头 老年人
媳妇 配偶
老婆 配偶 妻子
老公 配偶 丈夫
亲戚 近亲属
残废 残疾人 残疾
穷人 困难群众 低收入 特困人员 低保
穷 困难 贫困 低收入
低保户 最低生活保障
看病 就医 门诊 医疗 诊疗
医保卡 个人账户 医保
报销 支付 统筹基金
住院 住院 医疗
药 药品
打针 接种 注射
怀孕 孕期 妊娠 孕产妇
生孩子 生育 分娩
坐月子 产假 产后
老板 用人单位 雇主 经营者 企业
员工 职工 劳动者 从业人员
上班 工作 就业 在岗
下岗 失业
打工 务工 就业 劳动
工钱 工资 报酬 劳动报酬
薪水 工资 薪酬
开除 辞退 解除 解聘
辞掉 辞退 解除
请假 休假
钱 资金 费用 经费 款项 金额 补助
发钱 发放 补助 补贴
贴钱 补贴 补助
花钱 支出 费用
收钱 收费
退钱 退还 退费
给钱 支付 拨付 付款
欠钱 拖欠 欠款
罚钱 罚款
免费 免收 免除 不收取
便宜 优惠 减免 低价
涨价 价格 上调
公司 企业 单位
小公司 中小企业 小微企业
厂 企业 工厂 生产单位
工厂 企业 生产单位
店 经营者 商户 门店 场所
小贩 摊贩 流动商贩
摊子 摊位 摊点
开店 经营 登记 设立
买卖 交易 经营
房子 住房 房屋 住宅
租房 租赁 承租
买房 购房
房东 出租人
盖房 建设 建房
拆房 拆除 征收
小区 住宅区 居住区 居民区
物业 物业服务
楼道 公共区域 共用部位
电梯 电梯
车 车辆 机动车
开车 驾驶
停车 停放 泊位
酒驾 饮酒 醉酒 驾驶
打车 出租汽车 网约车
公交 公共汽车 公共交通
骑车 自行车 电动自行车 非机动车
电瓶车 电动自行车
路 道路 公路
修路 道路 养护 建设
堵车 拥堵
垃圾 废弃物 生活垃圾
扔垃圾 投放 生活垃圾
扔 投放 丢弃 倾倒
捡 回收 收集
烧 焚烧
脏水 污水 废水
冒烟 烟尘 排放
吵 噪声 干扰
吵闹 噪声
树 树木 林木
砍树 采伐 砍伐
狗 犬 犬只
遛狗 携犬 牵引 犬只
养狗 养犬
猫 宠物 动物
种地 种植 耕地 农业生产
地 土地 耕地
庄稼 农作物
养猪 生猪 畜禽 养殖
水渠 渠道 灌溉 沟渠
水管 管网 供水
下雨 降雨 暴雨
发大水 洪水 汛期 洪涝
淹 积水 洪涝 淹没
着火 火灾 消防
放炮 烟花爆竹 燃放
抽烟 吸烟
卖烟 烟草 卷烟 销售
喝酒 饮酒
办证 登记 许可 证照
证 证件 证书 许可证
盖章 印章 公章
公章 印章
跑腿 代办 帮办
跑一趟 办理 到场
排队 等候 预约
网上办 网上 在线 一网通办
找谁 部门 受理
投诉 举报 投诉
告状 投诉 举报 信访
官 干部 工作人员 公职人员
领导 负责人 领导干部
警察 公安机关
法院 人民法院
坏人 违法行为人
骗子 诈骗
偷 盗窃
打架 斗殴 殴打
品行不端 师德失范 失德 失范行为
欺负 欺凌 霸凌
查 检查 核查 监督检查
检查 检查 执法 监督
抓 查处 依法处理
赔 赔偿 补偿
补 补发 补助 补缴
取消 撤销 废止 取消
多久 期限 时限 工作日
马上 立即 及时
晚了 逾期 超期
过期 逾期 届满 失效
搬家 迁移 迁出
外地 异地 市外
外地人 流动人口 非本地户籍
户口 户籍
结婚 婚姻登记
离婚 离婚
去世 死亡
葬 殡葬 安葬 丧葬
"""


@cache
def _table() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in _LISTED.strip().split("\n"))
    return {plain: tuple(official) for plain, *official in rows}


def official_words(word: str) -> tuple[str, ...]:
    """Return what official texts call what a plain word means; () where it is not listed."""
    return _table().get(word, ())
