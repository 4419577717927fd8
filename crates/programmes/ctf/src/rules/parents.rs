//! Parents: an address that is not the competitor's.

use kernel::Problem;

use super::rosters::invalid;

/// Refuses an address of a parent that is one of the competitor's, who could then consent as the parent. Capitals and a tag after a
/// plus sign lead to the same mailbox.
///
/// # Errors
/// When it is.
pub fn check_parent_address<'a>(
    parent: Option<&str>,
    own: impl IntoIterator<Item = &'a str>,
) -> Result<(), Problem> {
    let Some(parent) = parent.map(mailbox) else {
        return Ok(());
    };
    if own.into_iter().all(|own| mailbox(own) != parent) {
        return Ok(());
    }
    let detail = "The parent's email address is the competitor's own, who cannot consent for a parent. Enter an address of the parent.";
    Err(invalid(detail.to_owned()).at("parent_email"))
}

/// Returns the mailbox of an address: in the form in which addresses are stored, in lower case and without a tag.
fn mailbox(address: &str) -> String {
    let stored = identity::rules::email_address(address);
    let lower = stored.unwrap_or_else(|_| address.trim().to_owned()).to_lowercase();
    match lower.rsplit_once('@') {
        Some((local, domain)) => {
            let person = local.split_once('+').map_or(local, |(person, _)| person);
            format!("{person}@{domain}")
        }
        None => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_has_no_address_of_the_competitor() {
        let own = ["ada@school.example", "ádá@bücher.example"];
        for (parent, is_own) in [
            (None, false),
            (Some("bo@home.example"), false),
            (Some("ada@school.example.net"), false),
            (Some("ada.bo@school.example"), false),
            (Some("ada@school.example"), true),
            (Some(" ADA@School.Example "), true),
            (Some("ada+parent@school.example"), true),
            (Some("Ada+Bo+Di@school.example"), true),
            (Some("ÁDÁ@xn--bcher-kva.example"), true),
            (Some("a\u{301}da\u{301}@BÜCHER.example"), true),
        ] {
            let checked = check_parent_address(parent, own);
            assert_eq!(checked.is_err(), is_own, "{parent:?}");
            assert!(checked.err().is_none_or(|it| it.field == Some("parent_email")));
        }
        assert!(check_parent_address(Some("bo@home.example"), []).is_ok());
        assert!(check_parent_address(Some("bo@home.example"), ["bo+ada@home.example"]).is_err());
    }
}
