//! Names that are proposed to the game platform for a new account.

use platform::ascii;
use uuid::Uuid;

const LENGTH: std::ops::RangeInclusive<usize> = 3..=32;

/// The beginning of the name of a person without a usable name or address.
const LAST: &str = "competitor-";

/// Returns the names to propose, the best first: `first.last`, the beginning of the email address, `competitor-` with the end
/// of the ID. Each has 3 to 32 characters of `[a-z0-9._-]`, and differs from the others.
#[must_use]
pub fn candidates(first: &str, last: &str, email: &str, id: Uuid) -> Vec<String> {
    let parts = [cleaned(first), cleaned(last)];
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let name = fitted(&parts.join("."));
    let local = email.split(['@', '+']).next().unwrap_or_default();
    let digits = id.simple().to_string();
    let digits = digits.get(digits.len() - (LENGTH.end() - LAST.len())..).unwrap_or(&digits);
    let by_id = format!("{LAST}{digits}");
    let mut found: Vec<String> = Vec::new();
    for name in [name, fitted(&cleaned(local)), Some(by_id)] {
        found.extend(name.filter(|name| !found.contains(name)));
    }
    found
}

/// Returns a name of a valid length; `None` if it is too short.
fn fitted(name: &str) -> Option<String> {
    let name: String = name.chars().take(*LENGTH.end()).collect();
    let name = trimmed(&name);
    LENGTH.contains(&name.len()).then(|| name.to_owned())
}

fn trimmed(name: &str) -> &str {
    name.trim_matches(['.', '_', '-'])
}

/// Spells a name in ASCII, and removes what it cannot contain.
fn cleaned(text: &str) -> String {
    let mut name = ascii::spelled(text);
    name.retain(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    trimmed(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: Uuid = Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_0123_4567_89ab);

    #[test]
    fn names_are_tried_in_order() {
        let found = candidates("Ada", "Quill", "ada.q+ctf@harbor.example", ID);
        let expected = ["ada.quill", "ada.q", "competitor-bbb7ccc8ddd0123456789ab"];
        assert_eq!(found[..2], expected[..2]);
        assert!(found[2].starts_with("competitor-") && found[2].len() == 32);
    }

    #[test]
    fn names_are_cleaned() {
        let of = |first, last| candidates(first, last, "", ID).remove(0);
        assert_eq!(of("José María", "Nuñez-O'Brien"), "josemaria.nunez-obrien");
        assert_eq!(of("", "Groß"), "gross");
        assert_eq!(
            of("Maximiliana-Theodora", "Oberhauser-Lindqvist"),
            "maximiliana-theodora.oberhauser"
        );
        assert_eq!(of("李", "伟"), "li.wei");
        assert_eq!(of("Zoë", "Łuczak"), "zoe.luczak");
        assert!(of("?", "!").starts_with("competitor-"));
        assert!(of("A", "").starts_with("competitor-"), "too short");
    }

    proptest! {
        #[test]
        fn every_name_is_valid(first in ".*", last in ".*", email in ".*") {
            for name in candidates(&first, &last, &email, ID) {
                prop_assert!(LENGTH.contains(&name.len()), "{name}");
                let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
                prop_assert!(name.chars().all(allowed), "{name}");
            }
        }
    }
}
