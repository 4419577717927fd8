//! The words of the list of work.

/// Returns the sentences below the heading of the list of work: how much waits, and how much of it is late.
#[must_use]
pub fn lede(late: usize, all: usize) -> String {
    let waits = match all {
        0 => return "What is asked of you in projects, events and teams appears here.".to_owned(),
        1 => "One thing waits for you.".to_owned(),
        many => format!("{many} things wait for you."),
    };
    let late = match (late, all) {
        (0, _) => "Nothing is late. Most urgent first.".to_owned(),
        (1, 1) => "It is late.".to_owned(),
        (1, _) => "This one is late, the others are on time.".to_owned(),
        (late, all) if late == all => "All of them are late. Most urgent first.".to_owned(),
        (late, _) => format!("{late} of them are late. Most urgent first."),
    };
    format!("{waits} {late}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_how_much_is_late() {
        for (late, all, words) in [
            (0, 1, "One thing waits for you. Nothing is late. Most urgent first."),
            (1, 1, "One thing waits for you. It is late."),
            (1, 5, "5 things wait for you. This one is late, the others are on time."),
            (5, 5, "5 things wait for you. All of them are late. Most urgent first."),
            (8, 46, "46 things wait for you. 8 of them are late. Most urgent first."),
        ] {
            assert_eq!(lede(late, all), words);
        }
    }
}
