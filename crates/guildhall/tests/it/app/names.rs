//! Names of many alphabets, and what people type to find them.

/// A name, and what finds it besides itself in upper and in lower case. No name contains what finds another one.
const NAMES: [(&str, &[&str]); 12] = [
    ("Östberg", &["ostberg", "O\u{308}STBERG", "Ｏｓｔｂｅｒｇ"]),
    ("Işık İnci", &["isik inci", "IŞIK İNCİ", "Is\u{327}ık"]),
    ("Jürgen Groß", &["JURGEN GROSS", "ju\u{308}rgen"]),
    ("Łukasz", &["LUKASZ"]),
    ("Νίκος", &["ΝΙΚΟΣ", "Νι\u{301}κος"]),
    ("Đặng Ngọc", &["dang ngoc", "Đa\u{323}\u{306}ng", "ngo\u{323}c"]),
    ("Иван Алёхин", &["ИВАН", "але\u{308}хин", "алехин"]),
    ("محمّد", &["محمد"]),
    ("김민준", &["\u{1100}\u{1175}\u{11B7}\u{1106}\u{1175}\u{11AB}", "민준"]),
    ("ガブリエル", &["ｶﾞﾌﾞ", "カ\u{3099}フ\u{3099}リ"]),
    ("किरण", &["रण"]),
    ("Lantern ❤\u{FE0F}", &["ＬＡＮＴＥＲＮ ❤"]),
];

/// Returns the names with everything that finds them.
pub(crate) fn names() -> impl Iterator<Item = (&'static str, Vec<String>)> {
    NAMES.into_iter().map(|(name, others)| {
        let own = [name.to_owned(), name.to_uppercase(), name.to_lowercase()];
        (name, own.into_iter().chain(others.iter().copied().map(str::to_owned)).collect())
    })
}
