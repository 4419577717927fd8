use kernel::{Problem, ProblemKind};

/// Refuses an invitation to a person who has not proven that they receive e-mail at the address that it was sent to: whoever
/// forwarded it may not choose who accepts it. `invited` is that address, and `verified` the one of the person's account.
///
/// # Errors
/// When the person has verified no address, or another one.
pub fn check_addressee(invited: &str, verified: Option<&str>) -> Result<(), Problem> {
    if verified.is_some_and(|own| own.eq_ignore_ascii_case(invited)) {
        return Ok(());
    }
    let detail = "This invitation is for the person at the e-mail address that it was sent to, which your account has not \
                  verified. If it is yours, sign out and sign in with an e-mailed link to that address, or verify it at \
                  /settings/email, and open the invitation again. Otherwise, ask for an invitation of your own.";
    Err(Problem::new(ProblemKind::NotFound, "INVITED_ADDRESS_NOT_VERIFIED", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_verified_the_invited_address_accepts() {
        for (verified, may) in [
            (Some("marit@harbor.example"), true),
            (Some("Marit@Harbor.example"), true),
            (Some("marit@harbor.example.net"), false),
            (Some("bo@harbor.example"), false),
            (Some(""), false),
            (None, false),
        ] {
            let checked = check_addressee("Marit@harbor.example", verified);
            assert_eq!(checked.is_ok(), may, "{verified:?}");
        }
        let refused = check_addressee("marit@harbor.example", None).expect_err("refused");
        assert!(!refused.detail.contains("marit"), "{}", refused.detail);
    }
}
