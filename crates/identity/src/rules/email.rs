use std::borrow::Cow;

use idna::AsciiDenyList;
use kernel::{Problem, ProblemKind, typed};
use platform::{folded::composed, outbox::is_mailbox};

/// The longest email address, in bytes.
const LONGEST: usize = 254;

/// Checks an email address. A domain with characters of any alphabet is returned as mail servers know it (IDNA, RFC 5891); the part
/// before it may have such characters too (RFC 6531), which are returned in lower case, since databases differ in those, and composed
/// (RFC 6532, 3.1).
///
/// # Errors
/// When it is not a valid mailbox.
pub fn email_address(typed: &str) -> Result<String, Problem> {
    let address = typed::pasted(typed).rsplit_once('@').and_then(|(local, domain)| {
        let domain = ascii_domain(domain)?;
        Some(format!("{}@{domain}", lowercase(local)))
    });
    let is_valid = |address: &String| {
        // An address without a dot in its domain is not a mailbox on the Internet.
        let has_dot = address.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
        let is_seen = |c: char| c.is_ascii() || !typed::is_invisible(c);
        address.len() <= LONGEST && has_dot && address.chars().all(is_seen) && is_mailbox(address)
    };
    address.filter(is_valid).ok_or_else(|| {
        let detail = "This is not a valid email address. Use the form wren@oak.example.";
        Problem::new(ProblemKind::Invalid, "NOT_AN_EMAIL", detail).at("address")
    })
}

/// Returns a domain in ASCII. One that is in ASCII stays as it is.
fn ascii_domain(domain: &str) -> Option<Cow<'_, str>> {
    if domain.is_ascii() {
        return Some(domain.into());
    }
    idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::STD3).ok()
}

/// Returns a text with its characters composed, and those besides A to Z in lower case.
fn lowercase(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    for c in composed(text).chars() {
        match c {
            'A'..='Z' => lower.push(c),
            c => lower.extend(c.to_lowercase()),
        }
    }
    composed(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_single_mailbox_on_the_internet() {
        for (typed, address) in [
            ("wren@oak.example", "wren@oak.example"),
            (" Wren.Oak+guild@mail.oak.example\n", "Wren.Oak+guild@mail.oak.example"),
            ("wren@oak.example\u{200b}", "wren@oak.example"),
        ] {
            assert_eq!(email_address(typed).as_deref(), Ok(address));
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

    #[test]
    fn addresses_may_have_characters_of_any_alphabet() {
        for (typed, address) in [
            ("anna@bücher.example", "anna@xn--bcher-kva.example"),
            ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
            ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
            // With the full stop of Japanese keyboards.
            ("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah"),
            ("почта@пример.рф", "почта@xn--e1afmkfd.xn--p1ai"),
            ("Żaneta.Łuk@oak.example", "żaneta.łuk@oak.example"),
            ("用户@oak.example", "用户@oak.example"),
            ("Zoe\u{308}.A\u{30A}berg@oak.example", "Zoë.åberg@oak.example"),
        ] {
            assert_eq!(email_address(typed).as_deref(), Ok(address), "{typed}");
        }
        for wrong in [
            "anna@bü cher.example",
            "anna@bücher",
            "anna@ü/.example",
            "an\u{202e}na@oak.example",
            "an\u{200b}na@oak.example",
            "an\u{a0}na@oak.example",
            "anna@ba\u{308}@c.example",
        ] {
            let refused = email_address(wrong).expect_err(wrong);
            assert_eq!(refused.code, "NOT_AN_EMAIL", "{wrong:?}");
        }
    }
}
