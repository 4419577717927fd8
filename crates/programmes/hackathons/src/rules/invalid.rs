use kernel::{Problem, ProblemKind};

/// Returns the problem of a field of a hackathon, an application or a team.
pub(crate) fn invalid(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_HACKATHON", detail).at(field)
}

/// Returns the problem of a field of a reward or of a claim.
pub(crate) fn invalid_reward(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_REWARD", detail).at(field)
}

/// Refuses a change that names another slug than an object has; `noun` is the object.
///
/// # Errors
/// When it does. The error is a sentence for the person who sent it.
pub(crate) fn keeps_slug(noun: &str, given: Option<&str>, slug: &str) -> Result<(), String> {
    match given {
        Some(given) if given != slug => {
            Err(format!("The slug of a {noun} never changes. Leave it out, or send '{slug}'."))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_may_repeat_the_slug() {
        assert_eq!(keeps_slug("prize", None, "harbor"), Ok(()));
        assert_eq!(keeps_slug("prize", Some("harbor"), "harbor"), Ok(()));
        let refused = keeps_slug("prize", Some("pier"), "harbor").expect_err("another");
        assert!(refused.contains("a prize never changes") && refused.contains("'harbor'"));
    }
}
