use strsim::levenshtein;

/// Returns the names that are most similar to a wanted one, best first, at most `limit`. Names that differ in more than
/// a third of their characters are left out.
#[must_use]
pub fn most_similar(wanted: &str, names: Vec<String>, limit: usize) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let length = wanted.chars().count();
    let most = (length / 3).max(2);
    // One edit for each character more, so that a long text is not compared with every name.
    let can_be_near = |name: &String| name.chars().count().abs_diff(length) <= most;
    let mut rated: Vec<(usize, String)> = names
        .into_iter()
        .filter(can_be_near)
        .map(|name| (levenshtein(&wanted, &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= most)
        .collect();
    rated.sort();
    rated.into_iter().map(|(_, name)| name).take(limit).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_find_the_name() {
        let names = || ["wren-oak", "wren-elm", "finch-ash"].map(str::to_owned).to_vec();
        assert_eq!(most_similar("wren-oka", names(), 3), ["wren-oak"]);
        assert_eq!(most_similar("WRENOAK", names(), 3), ["wren-oak"]);
        assert!(most_similar("heron", names(), 3).is_empty());
        assert_eq!(most_similar("wren-o", names(), 1), ["wren-oak"]);
    }

    #[test]
    fn pieces_are_parts_of_three_characters() {
        assert_eq!(pieces("Wren"), ["ren", "wre"]);
        assert!(pieces("ab").is_empty());
    }
}
