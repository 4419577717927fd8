/// How many letters a mistyped name may be off.
const SLIPS: usize = 3;

/// "; did you mean 'bind'?" for a name that is nearly one of these, else a colon: more follows.
pub(super) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known
        .into_iter()
        .map(|known| (distance(name, known), known));
    match near.min() {
        Some((slips, known)) if slips <= SLIPS => format!("; did you mean '{known}'?"),
        _ => ":".to_owned(),
    }
}

/// Letters to insert, remove or replace.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(c != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let known = ["bind", "log", "log_format"];
        assert_eq!(hint("bindd", known), "; did you mean 'bind'?");
        assert_eq!(hint("log-fromat", known), "; did you mean 'log_format'?");
        assert_eq!(hint("colour_of_the_hall", known), ":");
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
