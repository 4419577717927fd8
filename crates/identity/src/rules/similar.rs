/// Returns the names that are most similar to a wanted one, best first, at most `limit`. Names that differ in more than
/// a third of their characters are left out.
#[must_use]
pub fn most_similar(wanted: &str, names: Vec<String>, limit: usize) -> Vec<String> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    let most = (wanted.len() / 3).max(2);
    let mut rated: Vec<(usize, String)> = names
        .into_iter()
        .map(|name| (edits(&wanted, &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= most)
        .collect();
    rated.sort();
    rated
        .into_iter()
        .map(|(_, name)| name)
        .take(limit)
        .collect()
}

/// Returns the parts of three characters that a misspelled name still shares with the right one.
#[must_use]
pub fn pieces(name: &str) -> Vec<String> {
    let name: Vec<char> = name.to_lowercase().chars().take(39).collect();
    let mut pieces: Vec<String> = name.windows(3).map(|part| part.iter().collect()).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// Counts the inserted, deleted and replaced characters between two texts.
fn edits(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (done, next) in to.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = done + 1;
        for (at, own) in from.iter().enumerate() {
            let replaced = diagonal + usize::from(*own != next);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[from.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_find_the_name() {
        let names = || {
            ["wren-oak", "wren-elm", "finch-ash"]
                .map(str::to_owned)
                .to_vec()
        };
        assert_eq!(most_similar("wren-oka", names(), 3), ["wren-oak"]);
        assert_eq!(most_similar("WRENOAK", names(), 3), ["wren-oak"]);
        assert!(most_similar("heron", names(), 3).is_empty());
        assert_eq!(most_similar("wren-o", names(), 1), ["wren-oak"]);
    }

    #[test]
    fn edits_are_counted() {
        for (from, to, count) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "ac", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
        ] {
            let from: Vec<char> = from.chars().collect();
            assert_eq!(edits(&from, to), count, "{to}");
        }
    }

    #[test]
    fn pieces_are_parts_of_three_characters() {
        assert_eq!(pieces("Wren"), ["ren", "wre"]);
        assert!(pieces("ab").is_empty());
    }
}
