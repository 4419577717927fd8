//! Names of all alphabets, for comparison with what people type.

use deunicode::deunicode_char;
use kernel::typed;
use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

use crate::ascii;

/// A text in the form in which it is searched: two texts that people take for the same are equal, on both databases. Case, width,
/// accents, invisible characters and the kind of white space make no difference, nor does whether accents are composed; Latin
/// letters are those of ASCII.
///
/// A column of such texts is stored beside the text, and its name ends in `_folded`: databases know the case of other
/// characters than those of ASCII in part or not at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoldedText(String);

impl FoldedText {
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = if text.is_ascii() { text.to_ascii_lowercase() } else { folded(text) };
        Self(folded.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Spells a text as logins do: in ASCII, with a hyphen between words. One in ASCII keeps its spaces, and one without a spelling
    /// its characters, so that it finds nothing.
    #[must_use]
    pub fn spelled(text: &str) -> Self {
        let folded = Self::of(text);
        if folded.0.is_ascii() {
            return folded;
        }
        let spelled = Self::of(&ascii::spelled(text));
        if spelled.is_empty() { folded } else { Self(spelled.0.replace(' ', "-")) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn contains(&self, part: &Self) -> bool {
        self.0.contains(&part.0)
    }
}

impl From<FoldedText> for String {
    fn from(text: FoldedText) -> Self {
        text.0
    }
}

/// Composes accents with their characters (NFC), as most keyboards do.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

fn folded(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| is_compared(*c)).collect();
    let mut spelled = String::with_capacity(plain.len());
    for c in UniCase::unicode(plain).to_folded_case().nfkd().filter(|c| is_compared(*c)) {
        match deunicode_char(c).filter(|_| is_spelled(c)) {
            Some(ascii) => spelled.push_str(ascii),
            None => spelled.push(c),
        }
    }
    spelled.make_ascii_lowercase();
    composed(&spelled)
}

fn is_compared(c: char) -> bool {
    !is_accent(c) && (c.is_whitespace() || !typed::is_invisible(c))
}

/// Returns whether a character is an accent, a point of Hebrew or a vowel mark of Arabic, which many people do not type. The other
/// combining marks make different characters and syllables, as in Hindi, Japanese and Thai.
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=239)
}

/// Returns whether a character is a Latin letter without a decomposition, such as `ø`, or one of the hyphens and quotation marks that
/// devices put in for those of ASCII.
fn is_spelled(c: char) -> bool {
    let is_latin = matches!(
        c,
        '\u{C0}'..='\u{24F}'
            | '\u{1E00}'..='\u{1EFF}'
            | '\u{2C60}'..='\u{2C7F}'
            | '\u{A720}'..='\u{A7FF}'
    );
    (is_latin && c.is_alphabetic()) || matches!(c, '\u{2BC}' | '\u{2010}'..='\u{201F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_take_for_the_same_is_the_same() {
        for (name, others, folded) in [
            ("Wren  Oak", &["WREN OAK", " wren\u{A0}oak\t"][..], "wren oak"),
            ("Östberg", &["ÖSTBERG", "O\u{308}stberg", "ostberg", "Ｏｓｔｂｅｒｇ"], "ostberg"),
            // The Turkish characters without and with a dot, in each case.
            (
                "Işıl İnci",
                &["IŞIL İNCİ", "ışıl inci", "isil i\u{307}nci", "Isil Inci"],
                "isil inci",
            ),
            ("Groß", &["GROSS", "GROẞ", "groß", "gross"], "gross"),
            ("Łukasz Ørsted", &["ŁUKASZ ØRSTED", "lukasz orsted"], "lukasz orsted"),
            ("Þóra Ægisdóttir", &["ÞÓRA ÆGISDÓTTIR", "thora aegisdottir"], "thora aegisdottir"),
            ("O’Brien", &["O'BRIEN", "OʼBrien"], "o'brien"),
            ("Νίκος", &["ΝΊΚΟΣ", "ΝΙΚΟΣ", "Νι\u{301}κος", "νικοσ"], "νικοσ"),
            (
                "Đặng Thị Ngọc",
                &["ĐẶNG THỊ NGỌC", "Đa\u{323}\u{306}ng Thi\u{323} Ngo\u{323}c"],
                "dang thi ngoc",
            ),
            ("Иван", &["ИВАН", "иван"], "иван"),
            ("Андрей Алёхин", &["АНДРЕЙ АЛЁХИН", "Андреи\u{306} Але\u{308}хин"], "андреи алехин"),
            ("Ｇｕｉｌｄ７", &["guild7", "GUILD7"], "guild7"),
            ("محمّد", &["محمد", "مُحَمَّد", "\u{FEE3}\u{FEA4}\u{FEE4}\u{FEAA}"], "محمد"),
            ("שָׁלוֹם", &["שלום"], "שלום"),
            (
                "김민준",
                &["\u{1100}\u{1175}\u{11B7}\u{1106}\u{1175}\u{11AB}\u{110C}\u{116E}\u{11AB}"],
                "김민준",
            ),
            ("ガブリエル", &["ｶﾞﾌﾞﾘｴﾙ", "カ\u{3099}フ\u{3099}リエル"], "ガブリエル"),
            ("किरण", &[], "किरण"),
            ("Rook ❤\u{FE0F} 👩\u{200D}🔬", &["rook ❤ 👩🔬"], "rook ❤ 👩🔬"),
            ("Z\u{351}\u{36B}a\u{343}lgo", &["zalgo"], "zalgo"),
            ("ﬁnch", &["FINCH"], "finch"),
            ("\u{200B}", &["", " ", "\u{301}"], ""),
        ] {
            for other in [name, folded].iter().chain(others) {
                assert_eq!(FoldedText::of(other).as_str(), folded, "{name}: {other}");
            }
        }
    }

    #[test]
    fn different_characters_stay_different() {
        for (one, other) in [
            ("か", "が"),
            ("は", "ぱ"),
            ("कि", "कु"),
            ("क", "क\u{93C}"),
            ("สุ", "สู"),
            ("가", "각"),
            ("Иван", "Ivan"),
            ("a b", "ab"),
        ] {
            assert_ne!(FoldedText::of(one), FoldedText::of(other), "{one} and {other}");
        }
    }

    #[test]
    fn every_character_is_the_same_in_each_case_and_composition() {
        // Hangul syllables are composed by one rule.
        for c in (0..0xAD00).chain(0xF900..0x1_F200).filter_map(char::from_u32) {
            let text = c.to_string();
            let others = [text.to_lowercase(), text.to_uppercase(), text.nfkd().collect()];
            if others.iter().all(|other| *other == text) {
                continue;
            }
            let folded = FoldedText::of(&text);
            assert_eq!(FoldedText::of(folded.as_str()), folded, "{c:?} is folded again");
            for other in others {
                assert_eq!(FoldedText::of(&other), folded, "{c:?} and {other:?}");
            }
        }
    }

    #[test]
    fn names_are_spelled_as_logins_are() {
        for (name, spelled) in [
            ("Wren_Oak", "wren_oak"),
            ("Zoë Łuczak", "zoe luczak"),
            ("Иван", "ivan"),
            ("李伟", "li-wei"),
            ("❤", "heart"),
            ("\u{E000}", "\u{E000}"),
            ("", ""),
        ] {
            assert_eq!(FoldedText::spelled(name).as_str(), spelled, "{name}");
        }
    }
}
