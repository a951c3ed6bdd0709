"""How other languages than English say "reprinted with permission of", "first published in" and "original: URL".

See :mod:`pipeline.dedup.formtable`. These forms are tried before those of the languages' own tables.
"""

from __future__ import annotations

REPRINTS: tuple[tuple[str, str, str], ...] = (
    # --- German
    ("de", "credit", r"(?:zuerst|ursprünglich|erstmals|zunächst|erst)(?:veröffentlichung| erschienen| veröffentlicht| publiziert| abgedruckt)?(?: am {D})?(?: (?:in|auf|bei|im|beim|durch))? ?: ?{C}"),
    ("de", "credit", r"(?:(?:hier )?(?:übernommen|nachgedruckt|nachdruck|veröffentlicht|wiedergegeben|abdruck) )?mit (?:freundlicher |ausdrücklicher )?(?:genehmigung|erlaubnis|zustimmung)(?: (?:hier )?(?:übernommen|nachgedruckt|veröffentlicht))? (?:von|der|des|aus|durch) {C}"),
    ("de", "credit", r"(?:dieser|der|dieses|diese) (?:artikel|beitrag|text|kommentar|essay|bericht|gastbeitrag|interview|kolumne)(?: von {A})? (?:wurde|wird) (?:hier )?mit (?:freundlicher )?(?:genehmigung|erlaubnis) (?:von|der|des) {O}(?: (?:übernommen|nachgedruckt|veröffentlicht|wiedergegeben))?"),
    ("de", "credit", r"(?:dieser|der|dieses|diese) (?:artikel|beitrag|text|kommentar|essay|bericht|gastbeitrag|interview|kolumne) von {A} (?:erschien|ist|wurde)(?: am {D})?(?: (?:zuerst|ursprünglich|erstmals|zunächst))? (?:bei|in|auf|im) {O}(?: erschienen| veröffentlicht)?"),
    ("de", "credit", r"(?:(?:den|zum|der|das|link zum) )?(?:original|originalartikel|originalbeitrag|originaltext|ursprünglicher artikel)(?: (?:finden|lesen) sie| finden sie| gibt es| ist)?(?: (?:hier|unter|auf|bei))? ?:? ?{U}"),
    ("de", "rights", r"(?:alle rechte vorbehalten|all rights reserved)[.,:]? (?:© ?)?{O} {Y}"),
    # --- French
    ("fr", "credit", r"(?:(?:article |texte )?(?:publiée?|reproduite?|reprise?|republiée?|diffusée?|traduite?)(?: ici)? )?avec (?:l'|la )?(?:aimable )?(?:autorisation|permission|accord)(?: de reproduction)? (?:de l'|de la |des |du |de |d'){C}"),
    ("fr", "credit", r"(?:première (?:publication|parution)|(?:initialement |d'abord )?(?:parue?|publiée?)(?: initialement| d'abord)? (?:dans|sur|chez)) ?: ?{C}"),
    ("fr", "credit", r"(?:article|texte|lien|source|version|publication|billet)(?: vers l'(?:article|original))? (?:original|originale|d'origine|initial) ?:? ?{U}"),
    ("fr", "credit", r"(?:lire|retrouvez|voir) l'(?:article )?original(?: (?:sur|ici))? ?:? ?{U}"),
    # --- Spanish
    ("es", "credit", r"(?:publicad[oa]|apareció|aparecid[oa])(?: originalmente| originariamente| por primera vez| inicialmente| previamente)? ?(?:en|por)? ?: ?{C}"),
    ("es", "credit", r"(?:(?:este|esta|el|la) (?:artículo|texto|nota|columna|reportaje|entrevista) (?:se|es|ha sido|fue) )?(?:publica|reproduce|reproducid[oa]|publicad[oa]|republicad[oa])(?: aquí)? (?:con|bajo|gracias a) (?:la |el )?(?:permiso|autorización|autorizacion|cortesía|licencia) (?:de |del |de la |expresa de ){C}"),
    ("es", "credit", r"(?:artículo|texto|nota|fuente|enlace|publicación|versión|noticia|post)(?: (?:al|del) (?:artículo|texto))? original(?: aquí| en)? ?:? ?{U}"),
    ("es", "credit", r"(?:tomado|extraíd[oa]|reproducid[oa]|republicad[oa]) (?:de|desde) ?:? ?{C}"),
    # --- Italian
    ("it", "credit", r"(?:(?:articolo |testo )?(?:pubblicat|appars|uscit)[oa]) (?:in origine|originariamente|originalmente|per la prima volta|inizialmente|in precedenza|già)(?: il {D})? (?:su|da|in|dal|dalla|sul|sulla|nel|nella|presso|dall'|sull'|nell') ?{C}"),
    ("it", "credit", r"(?:riprodott|ripubblicat|ripres|pubblicat)[oa](?: qui)? (?:con (?:il |la |l')?(?:gentile )?(?:permesso|autorizzazione|concessione)|per gentile concessione) (?:di|del|della|dell'|dei|da) ?{C}"),
    ("it", "credit", r"(?:prima (?:pubblicazione|uscita)|pubblicato per la prima volta) ?: ?{C}"),
    ("it", "credit", r"(?:l')?(?:articolo|testo|fonte|link|versione|post|pezzo)(?: all'articolo)? originale(?: qui)? ?:? ?{U}"),
    # --- Portuguese
    ("pt", "credit", r"(?:(?:este|esta|o|a) (?:artigo|texto|matéria|reportagem|coluna|entrevista) (?:foi|é) )?(?:reproduzid|republicad|publicad)[oa](?: aqui)? com (?:a )?(?:devida )?(?:permissão|autorização|licença|gentileza) (?:de |do |da |dos |das ){C}"),
    ("pt", "credit", r"(?:primeira publicação|publicad[oa] (?:originalmente|pela primeira vez)) ?: ?{C}"),
    ("pt", "credit", r"(?:artigo|texto|matéria|fonte|link|publicação|post|notícia)(?: (?:do|da|para o) (?:artigo|texto))? original(?: aqui| em)? ?:? ?{U}"),
    # --- Dutch
    ("nl", "credit", r"(?:overgenomen|gepubliceerd|herdrukt|geplaatst)(?: hier)? met (?:vriendelijke )?toestemming van {C}"),
    ("nl", "credit", r"(?:eerste publicatie|eerder verschenen(?: in)?|oorspronkelijk verschenen(?: in)?) ?: ?{C}"),
    ("nl", "credit", r"(?:(?:het )?origine(?:el|le) (?:artikel|bericht|stuk)|oorspronkelijk artikel|origineel|bron)(?: (?:hier|op))? ?:? ?{U}"),
    # --- Polish
    ("pl", "credit", r"(?:tekst|artykuł|materiał|wywiad|felieton|esej|komentarz|reportaż)(?: autorstwa {A})? (?:opublikowano|opublikowany|ukazał się|pojawił się|wydrukowano|został opublikowany)(?: pierwotnie| najpierw| po raz pierwszy| wcześniej)?(?: {D})? (?:na łamach|na stronach|na stronie|na portalu|w serwisie|w|na|przez) {O}"),
    ("pl", "credit", r"(?:przedruk|przedrukowano|przedrukowujemy|publikujemy|opublikowano|reprodukowano)(?: tekst| artykuł)? (?:za (?:uprzejmą )?zgodą|dzięki uprzejmości|z|ze|za) {C}"),
    ("pl", "credit", r"(?:pierwsza publikacja|pierwotna publikacja|pierwodruk)(?: w)? ?:? ?{C}"),
    ("pl", "credit", r"(?:oryginał|oryginalny (?:tekst|artykuł)|tekst oryginalny|artykuł źródłowy|źródło|link do oryginału) ?:? ?{U}"),
    # --- Russian
    ("ru", "credit", r"(?:(?:этот |эта |данный |данная )?(?:материал|статья|текст|публикация|интервью|колонка) )?(?:впервые |первоначально )?(?:был[аои]? )?(?:опубликован|вышл?|размещ[её]н|напечатан)[аоы]?(?: впервые| первоначально)?(?:,? {D})? (?:изданием|газетой|журналом|агентством|порталом|сайтом|в газете|в журнале|в издании|на портале|на страницах) {O}"),
    ("ru", "credit", r"(?:публикуется|печатается|перепечатано|перепечатывается|перепечатка|републикация|воспроизводится|размещено)(?: здесь)?(?: с)? (?:любезного )?(?:разрешения|согласия|разрешением|позволения) {C}"),
    ("ru", "credit", r"(?:перепечатка|републикация|перепечатано|взято|скопировано) (?:из|с|с сайта|со страниц) {C}"),
    ("ru", "credit", r"(?:первая публикация|первая публикация в|впервые вышло в|первоначальная публикация) ?: ?{C}"),
    ("ru", "credit", r"(?:оригинал(?:ьная)?(?: (?:статьи|статья|текст|материала|публикации))?|оригинальный текст|первоисточник|полный текст|источник) ?:? ?{U}"),
    # --- Ukrainian
    ("uk", "credit", r"(?:публікується|друкується|передруковано|передрук|відтворено) (?:з|за) (?:люб'язного )?(?:дозволу|дозволом|згоди|згодою) {C}"),
    ("uk", "credit", r"(?:перша публікація|першодрук) ?: ?{C}"),
    ("uk", "credit", r"(?:оригінал(?: статті| матеріалу)?|першоджерело|джерело|повний текст) ?:? ?{U}"),
    # --- Turkish
    ("tr", "credit", r"(?:bu (?:haber|makale|yazı|metin|içerik|röportaj) )?{O}(?:'?(?:n?[ıiuü]n))? (?:izniyle|izni ile|onayıyla) (?:yeniden |burada )?(?:yayı[mn]lan|alıntılan|kullanıl|alın)[a-zışğüö]+"),
    ("tr", "credit", r"ilk (?:yayı[mn]|yayı[mn]lanma yeri|yayı[mn]landığı yer|olarak yayı[mn]landığı yer|yayın yeri) ?: ?{C}"),
    ("tr", "credit", r"(?:ilk (?:olarak|kez|defa) )(?:{D} tarihinde )?{C}(?:'?(?:de|da|te|ta|nde|nda))? yayı[mn]lan[a-zışğüö]+"),
    ("tr", "credit", r"(?:orijinal|orijinal (?:makale|haber|metin|yazı)|(?:yazının|haberin|makalenin) (?:aslı|orijinali|tamamı)|asıl metin|kaynak|kaynak linki) ?:? ?{U}"),
    ("tr", "more", r"(?:devamını|tamamını|haberin devamını|yazının tamamını) {O}(?:'?(?:n?d[ea]|t[ea]))?(?: sitesinde)? oku(?:yun|yunuz|yabilirsiniz)?"),
    # --- Arabic, Persian, Hebrew
    ("ar", "credit", r"(?:ظهر|ظهرت|صدر|صدرت|نشر|نشرت)(?: هذا| هذه)? (?:المقال|المقالة|النص|التقرير|المادة|الخبر)(?: لأول مرة| أولا| في الأصل| أصلا| سابقا)?(?: (?:في|بتاريخ) {D})? (?:في|على|لدى|عبر) {O}"),
    ("ar", "credit", r"(?:أعيد|يعاد|أعدنا|نعيد|تعاد|تمت إعادة|تم إعادة) (?:نشر)(?: هذا| هذه)?(?: (?:المقال|المقالة|النص|التقرير|المادة|الخبر))?(?: هنا)? (?:بإذن|بترخيص|بموافقة|بتصريح|بالاتفاق|بالتعاون|نقلا)(?: خاص)?(?: من| مع| عن)? {O}"),
    ("ar", "credit", r"(?:نشر لأول مرة|نشر أولا|نشر في الأصل|منشور|نقلا|بإذن|بإذن خاص|بالاتفاق)(?: في| على| عن| من| مع) {O}"),
    ("ar", "credit", r"(?:المقال الأصلي|النص الأصلي|الخبر الأصلي|رابط المقال|رابط الخبر|رابط المقال الأصلي|المصدر الأصلي|الأصل|المصدر|لقراءة المقال الأصلي) ?:? ?{U}"),
    ("ar", "byline", r"(?:بقلم|كتب|كتبت|إعداد|تقرير) ?:? ?{A}(?:[،,] ?| \| | - ){O}"),
    ("fa", "credit", r"(?:بازنشر|با اجازه|با کسب اجازه)(?: از)? {O}"),
    ("fa", "credit", r"(?:منبع|لینک اصلی|متن اصلی|اصل مقاله) ?:? ?{U}"),
    ("he", "credit", r"(?:פורסם לראשונה|פורסם במקור|באדיבות|באישור) (?:ב-?|באתר |מאת )?{O}"),
    ("he", "credit", r"(?:למאמר המקורי|לכתבה המקורית|מקור|קישור למקור) ?:? ?{U}"),
    # --- Hindi, Bengali
    ("hi", "credit", r"(?:यह (?:लेख|आलेख|खबर|रिपोर्ट) )?{O} (?:की अनुमति से|की इजाजत से|के सहयोग से|की सहमति से)(?: यहां| यहाँ)? ?(?:पुनः |पुन: |दोबारा |फिर से )?(?:प्रकाशित|पुनर्प्रकाशित)?(?: किया गया| की गई)?.{0,12}"),
    ("hi", "credit", r"(?:मूल रूप से |सबसे पहले |पहली बार |पूर्व में )?{O} (?:पर|में) (?:मूल रूप से |सबसे पहले |पहली बार )?प्रकाशित(?:[,।] ?{D})?"),
    ("hi", "credit", r"(?:प्रथम प्रकाशन|पहला प्रकाशन|मूल प्रकाशन) ?[:-] ?{O}"),
    ("hi", "credit", r"(?:मूल (?:लेख|खबर|ख़बर|रिपोर्ट|स्रोत|आलेख)|स्रोत|मूल|लिंक) ?:? ?{U}"),
    ("hi", "byline", r"(?:लेखक|लेखिका|द्वारा|रिपोर्ट|लेख|प्रस्तुति) ?[:-] ?{A}(?:, ?| \| | - ){O}"),
    ("hi", "more", r"{O} पर (?:और|आगे|पूरा|पूरी खबर|पूरा लेख|विस्तार से) पढ़ें"),
    ("hi", "rights", r"(?:© ?|कॉपीराइट ?(?:© ?)?){Y} {O}[।.,]? ?(?:सर्वाधिकार सुरक्षित|सभी अधिकार सुरक्षित)"),
    ("bn", "credit", r"(?:মূল (?:লেখা|নিবন্ধ|প্রতিবেদন)|সূত্র|উৎস) ?:? ?{U}"),
    ("bn", "credit", r"{O}(?:-এর|র|এর)? অনুমতিক্রমে (?:পুনঃ?প্রকাশিত|প্রকাশিত)"),
    # --- Thai, Vietnamese, Indonesian
    ("th", "credit", r"(?:เผยแพร่|ตีพิมพ์|นำเสนอ)(?:ซ้ำ|อีกครั้ง)? ?(?:โดย|ด้วย)?(?:ได้รับ)?(?:การ)?อนุญาตจาก ?{O}"),
    ("th", "credit", r"(?:ตีพิมพ์|เผยแพร่)(?:ครั้งแรก|เป็นครั้งแรก) ?(?:ใน|ที่|โดย|บน|ทาง)? ?:? ?{O}"),
    ("th", "credit", r"(?:ต้นฉบับ|บทความต้นฉบับ|ลิงก์ต้นฉบับ|อ่านต้นฉบับ(?:ได้ที่)?|ที่มา|แหล่งที่มา) ?:? ?{U}"),
    ("th", "byline", r"(?:โดย|เรื่องโดย|เขียนโดย|รายงานโดย) {A}(?:(?:, ?| \| | - ){O})?"),
    ("th", "more", r"(?:คลิก)?(?:อ่านต่อ|อ่านเพิ่มเติม|อ่านฉบับเต็ม|ดูเพิ่มเติม)(?:ได้)?(?:ที่|ทาง) ?{O}"),
    ("th", "rights", r"(?:© ?|ลิขสิทธิ์ ?(?:© ?)?){Y} {O} ?(?:สงวนลิขสิทธิ์.{0,20})"),
    ("vi", "credit", r"(?:đăng lại|tái bản|xuất bản)(?: bài)? với sự (?:cho phép|đồng ý) của {C}"),
    ("vi", "credit", r"(?:bài gốc|bài viết gốc|nguồn|link gốc) ?:? ?{U}"),
    ("id", "credit", r"(?:diterbitkan|dimuat|dipublikasikan) (?:kembali|ulang)(?: di sini)? (?:dengan izin|atas izin|seizin)(?: dari)? {C}"),
    ("id", "credit", r"(?:artikel asli|sumber|tautan asli|berita asli) ?:? ?{U}"),
    # --- Chinese, Japanese, Korean
    ("zh", "credit", r"(?:本文|原文|文章)?(?:经|經|获|獲|由)?{O}(?:授权|授權|许可|許可|允许)(?:本[站网刊])?(?:转载|轉載|发布|發佈|刊登|发表)"),
    ("zh", "byline", r"(?:作者|文|撰文|记者|記者|编译|編譯|文字) ?[:/] ?{A} ?\({O}\)?"),
    ("zh", "more", r"(?:点击|點擊|点此)?(?:阅读|閱讀|查看|继续阅读)(?:全文|更多|原文|完整文章) ?: ?{O}"),
    ("ja", "credit", r"(?:この記事は、?|本稿は、?)?{O}(?:から|より)(?:の|許可を得て|の許可を得て|、?許諾を得て)?(?:転載|引用)(?:です|しました|しています)?(?:[、,。] ?{D})?"),
    ("ja", "credit", r"{O}の(?:許可|許諾|承諾)を(?:得て|いただき|受けて)、?(?:転載|掲載|再掲)(?:しています|しました|した記事です|しております)?"),
    ("ja", "byline", r"(?:取材・文|文|著者|執筆|筆者|記者|取材) ?[:/=・] ?{A} ?\({O}\)?"),
    ("ja", "more", r"(?:続き|全文|記事の続き|この続き)(?:は|を)、? ?{O}(?:で|にて)(?:読む|ご覧ください|お読みください|公開中)?"),
    ("ja", "more", r"(?:記事)?(?:全文|の続き|の全文|続き)(?:を読む|はこちら|を見る)"),
    ("ko", "credit", r"(?:이 (?:글|기사)[은는] )?{O}(?:의|측의|의 정식)? (?:허락|허가|동의|승인|허락하에|협조)(?:를|을)? ?(?:받아|얻어|로)? ?(?:전재|게재|재게재|옮겨)[가-힣 ]{0,10}"),
    ("ko", "credit", r"{O} {D} ?(?:자 )?(?:게재|보도|발행|기사)"),
    ("ko", "credit", r"(?:(?:이|본) (?:기사|글|칼럼|인터뷰|원고)[은는] )?{O}(?:에|에서) ?(?:최초 |처음 |첫 )(?:게재|보도|발행|공개)(?:됨|된 글|된 기사|되었습니다)?"),
    ("ko", "credit", r"(?:최초 ?게재|첫 ?게재|게재|초출) ?: ?{O}"),
    ("ko", "byline", r"(?:글|기자|취재|작성자|필자) ?[:=] ?{A} ?\({O}\)?"),
    ("ko", "more", r"{O}에서 (?:계속|전문|기사 전문|더|이어서) ?(?:읽기|보기)"),
)  # fmt: skip
