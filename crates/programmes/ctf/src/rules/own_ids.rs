//! IDs on the game platform that this server can have made. Other servers may share the platform.

use uuid::Uuid;

/// Returns whether an ID can be one of this server: its prefix, and a UUID as it is written here. A server without a prefix makes
/// only UUIDs.
#[must_use]
pub fn is_own(id: &str, prefix: &str) -> bool {
    let rest = id.strip_prefix(prefix);
    rest.is_some_and(|rest| Uuid::try_parse(rest).is_ok_and(|uuid| uuid.to_string() == rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_with_the_prefix_and_a_uuid_are_own() {
        const ID: &str = "0192aaaa-bbbb-7ccc-8ddd-0123456789ab";
        let (staging, second) = (format!("staging-{ID}"), format!("staging-2-{ID}"));
        let (upper, plain) = (ID.to_uppercase(), ID.replace('-', ""));
        for (id, prefix, expected) in [
            (ID, "", true),
            (staging.as_str(), "", false),
            (upper.as_str(), "", false),
            (plain.as_str(), "", false),
            ("foreign", "", false),
            ("", "", false),
            (staging.as_str(), "staging-", true),
            (ID, "staging-", false),
            (second.as_str(), "staging-", false),
            (staging.as_str(), "staging-2-", false),
            ("staging-", "staging-", false),
        ] {
            assert_eq!(is_own(id, prefix), expected, "{id:?} {prefix:?}");
        }
    }
}
