//! Decides what operators look at: labels that the dictionary lacks, and what to do about failures.

use std::collections::BTreeMap;

use super::labels::{Meaning, dictionary, meaning, plain};

/// Returns the labels that the dictionary lacks with the number of issues that have them, most first, at most `most`. Each set of
/// labels is a JSON array with the number of issues that have it. Spellings that differ in case and punctuation count together.
#[must_use]
pub fn unknown_labels(sets: &[(String, i64)], most: usize) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for (labels, issues) in sets {
        let labels: Vec<String> = serde_json::from_str(labels).unwrap_or_default();
        for label in labels {
            let key = plain(&label);
            if key.is_empty() || meaning(&label).is_some() {
                continue;
            }
            counts.entry(key).or_insert((label, 0)).1 += issues;
        }
    }
    let mut all: Vec<(String, i64)> = counts.into_values().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(most);
    all
}

/// Returns the meanings with the spellings that contain a text, or with all of them if it is empty or names the meaning.
#[must_use]
pub fn spellings(text: &str) -> Vec<(String, Vec<&'static str>)> {
    let text = plain(text);
    let found = dictionary().iter().filter_map(|(meaning, all)| {
        let words = words(*meaning);
        let is_named = words.to_lowercase().contains(&text);
        let fit = all.iter().copied().filter(|own| is_named || own.contains(&text));
        let fit: Vec<&'static str> = fit.collect();
        (!fit.is_empty()).then_some((words, fit))
    });
    found.collect()
}

fn words(meaning: Meaning) -> String {
    match meaning {
        Meaning::GoodFirstIssue => "Suits a first contribution".to_owned(),
        Meaning::HelpWanted => "Help is wanted".to_owned(),
        Meaning::Difficulty(of) => format!("Difficulty {of} of 10"),
        Meaning::Type(kind) => format!("Type: {}", kind.as_str()),
        Meaning::Important => "Important".to_owned(),
        Meaning::Unimportant => "Can wait".to_owned(),
        Meaning::Language(language) => format!("Language: {language}"),
        Meaning::Stopped(stop) => format!("Not listed: {}", stop.words()),
    }
}

/// Returns what an operator can do about a failure, from its words.
#[must_use]
pub fn next_step(error: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if has(&["no token for GitHub", "rejected the token"]) {
        return "Create a token on GitHub, and save it at Settings › GitHub (/setup/github).";
    }
    if has(&["limit"]) {
        return "Wait: it continues by itself.";
    }
    if has(&["no such repository", "not read: "]) {
        return "Look for the name on GitHub. If it is gone, end it with guildhall discovery unfollow OWNER/NAME.";
    }
    if has(&["does not respond", "so much at once"]) {
        return "Wait: it is tried again. If it lasts, look at githubstatus.com.";
    }
    "Look at the log of the server. It is tried again tomorrow."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_labels_are_counted_together() {
        let sets = [
            (r#"["Area: Parser","bug"]"#.to_owned(), 3),
            (r#"["area parser","good first issue"]"#.to_owned(), 2),
            (r#"["triage-2026"]"#.to_owned(), 4),
            ("no JSON".to_owned(), 9),
            (r#"["🚀"]"#.to_owned(), 9),
        ];
        let found = unknown_labels(&sets, 10);
        let expected = [("Area: Parser".to_owned(), 5), ("triage-2026".to_owned(), 4)];
        assert_eq!(found, expected);
        assert_eq!(unknown_labels(&sets, 1).len(), 1);
    }

    #[test]
    fn spellings_are_searched() {
        let all: usize = spellings("").iter().map(|(_, own)| own.len()).sum();
        assert!(all >= 300, "{all}");
        let found = spellings("Good-First");
        let is_first = |(words, own): &(String, Vec<&str>)| {
            words == "Suits a first contribution" && own.contains(&"good first issue")
        };
        assert!(found.iter().any(is_first), "{found:?}");
        assert!(spellings("help is wanted").iter().any(|(_, own)| own.contains(&"up for grabs")));
        assert_eq!(spellings("xylophone"), []);
    }

    #[test]
    fn each_failure_has_a_next_step() {
        for (error, says) in [
            ("GitHub rejected the token: create a new one, and save it", "Create a token"),
            ("The server has no token for GitHub's API.", "Create a token"),
            (
                "GitHub's limit on requests is reached; the next request is possible in 9 s",
                "Wait: it continues",
            ),
            ("GitHub knows no such repository, or the token may not see it", "unfollow"),
            ("GitHub does not respond (503)", "githubstatus"),
            ("something else", "log"),
        ] {
            assert!(next_step(error).contains(says), "{error}");
        }
    }
}
