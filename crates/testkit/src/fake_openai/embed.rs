pub const DIMENSIONS: usize = 384;

/// Words with the same meaning have the same direction: what a model knows, and the words of a text do not say.
const SYNONYMS: &[&[&str]] = &[
    &["crash", "panic", "segfault", "abort", "die"],
    &["slow", "performance", "latency", "sluggish", "lag"],
    &["documentation", "docs", "manual", "guide", "readme"],
    &["typo", "spelling", "misspelling", "misprint"],
    &["login", "signin", "authentication", "logon"],
    &["delete", "remove", "erase", "discard"],
    &["image", "picture", "photo", "icon"],
    &["error", "failure", "fault", "exception"],
    &["message", "notice", "wording", "text"],
    &["test", "spec", "coverage", "assertion"],
    &["dark", "night", "theme", "contrast"],
    &["translate", "translation", "localization", "i18n", "language"],
    &["database", "sql", "storage", "persistence"],
    &["network", "socket", "connection", "http"],
    &["keyboard", "shortcut", "hotkey", "accessibility"],
    &["config", "configuration", "setting", "option", "preference"],
    &["install", "setup", "installation", "packaging"],
    &["memory", "leak", "allocation", "heap"],
    &["sort", "order", "ordering", "arrange"],
    &["search", "find", "lookup", "query"],
    &["date", "time", "timezone", "calendar"],
    &["file", "path", "folder", "directory"],
    &["upload", "attach", "attachment", "import"],
    &["download", "fetch", "export", "save"],
    &["button", "widget", "control", "menu"],
    &["mobile", "phone", "android", "responsive"],
    &["encrypt", "encryption", "cipher", "security"],
    &["cache", "memoize", "caching", "buffer"],
    &["parse", "parser", "syntax", "grammar"],
    &["thread", "race", "concurrency", "deadlock", "async"],
];

/// Words without a direction.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "how", "i", "in", "is", "it",
    "its", "my", "not", "of", "on", "or", "that", "the", "this", "to", "when", "with", "while",
    "after", "before",
];

/// Returns the vector of a text, of length 1: the sum of the directions of its meanings.
#[must_use]
pub fn vector(text: &str) -> Vec<f32> {
    let mut sum = vec![0.0_f32; DIMENSIONS];
    let words = text.split(|c: char| !c.is_alphanumeric());
    for word in words.map(str::to_lowercase).filter(|word| !word.is_empty()) {
        if STOP_WORDS.contains(&word.as_str()) {
            continue;
        }
        // A known meaning says more about a text than any other word.
        let (seed, weight) = match meaning(&word) {
            Some(meaning) => (meaning as u64 + 1, 2.0),
            None => (hash(stem(&word)), 1.0),
        };
        add(&mut sum, seed, weight);
    }
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        sum.iter().map(|x| x / length).collect()
    } else {
        add(&mut sum, 0, 1.0);
        let length = (DIMENSIONS as f32).sqrt();
        sum.iter().map(|x| x / length).collect()
    }
}

fn meaning(word: &str) -> Option<usize> {
    let is_in = |group: &&[&str]| group.contains(&word) || group.contains(&stem(word));
    SYNONYMS.iter().position(is_in)
}

/// Returns a word without its plural.
fn stem(word: &str) -> &str {
    word.strip_suffix('s').filter(|word| word.len() > 2).unwrap_or(word)
}

/// Adds a direction of signs.
fn add(sum: &mut [f32], seed: u64, weight: f32) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    for part in sum.iter_mut() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *part += if state >> 63 == 0 { weight } else { -weight };
    }
}

/// FNV-1a.
fn hash(word: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    word.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
