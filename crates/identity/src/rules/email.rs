use kernel::{Problem, ProblemKind};
use platform::outbox::is_mailbox;

/// The longest address that mail can go to, in letters.
const LONGEST: usize = 254;

/// An address of e-mail as somebody typed it, if mail can go there.
///
/// # Errors
/// A sentence when it cannot.
pub fn email_address(typed: &str) -> Result<&str, Problem> {
    let address = typed.trim();
    // An address within a network of one's own is nobody's mailbox.
    let has_domain = address
        .rsplit_once('@')
        .is_some_and(|(_, domain)| domain.contains('.'));
    if address.len() <= LONGEST && address.is_ascii() && has_domain && is_mailbox(address) {
        return Ok(address);
    }
    let detail = "This is no address of e-mail. Write it as wren@oak.example.";
    Err(Problem::new(ProblemKind::Invalid, "NOT_AN_EMAIL", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_mailbox_elsewhere() {
        for (typed, address) in [
            ("wren@oak.example", "wren@oak.example"),
            (
                " Wren.Oak+hall@mail.oak.example\n",
                "Wren.Oak+hall@mail.oak.example",
            ),
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
