use kernel::{Problem, ProblemKind};
use platform::outbox::is_mailbox;

/// The longest e-mail address, in characters.
const LONGEST: usize = 254;

/// Checks an e-mail address.
///
/// # Errors
/// When it is not a valid mailbox.
pub fn email_address(typed: &str) -> Result<&str, Problem> {
    let address = typed.trim();
    // An address without a dot in its domain is not a mailbox on the Internet.
    let has_domain = address.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    if address.len() <= LONGEST && address.is_ascii() && has_domain && is_mailbox(address) {
        return Ok(address);
    }
    let detail = "This is not a valid e-mail address. Use the form wren@oak.example.";
    Err(Problem::new(ProblemKind::Invalid, "NOT_AN_EMAIL", detail).at("address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_single_mailbox_on_the_internet() {
        for (typed, address) in [
            ("wren@oak.example", "wren@oak.example"),
            (" Wren.Oak+guild@mail.oak.example\n", "Wren.Oak+guild@mail.oak.example"),
        ] {
            assert_eq!(email_address(typed), Ok(address));
        }
        let long = format!("{}@oak.example", "a".repeat(250));
        for wrong in [
            "",
            "wren",
            "wren@",
            "@oak.example",
            "wren@localhost",
            "a@b.example, c@d.example",
            "Wren <wren@oak.example>",
            "wren@oak.example\r\nBcc: x@y.example",
            &long,
        ] {
            let refused = email_address(wrong).expect_err(wrong);
            assert_eq!(refused.code, "NOT_AN_EMAIL", "{wrong}");
        }
    }
}
