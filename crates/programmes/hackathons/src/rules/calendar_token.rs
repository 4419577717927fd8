//! Addresses of calendars that work without a session.

use identity::model::UserId;
use platform::crypto::{self, SecretKey};
use uuid::Uuid;

use crate::model::HackathonId;

/// The purpose that the key of the addresses is derived for.
const PURPOSE: &str = "hackathon calendars";

/// Returns the last part of the address at which a person subscribes to the calendar of a hackathon: both, signed, so that it cannot
/// be guessed. It is always the same.
#[must_use]
pub fn token(key: &SecretKey, hackathon: HackathonId, person: UserId) -> String {
    let both = [*hackathon.0.as_bytes(), *person.0.as_bytes()].concat();
    let tag = crypto::tag(&key.derived(PURPOSE), &both);
    crypto::to_text(&[both, tag].concat())
}

/// Reads the last part of an address. Returns `None` unless it is signed with the key.
#[must_use]
pub fn read_token(key: &SecretKey, token: &str) -> Option<(HackathonId, UserId)> {
    let bytes = crypto::from_text(token)?;
    let (both, tag) = bytes.split_at_checked(32)?;
    if !crypto::tag_is_valid(&key.derived(PURPOSE), both, tag) {
        return None;
    }
    let (hackathon, person) = both.split_at_checked(16)?;
    let id = |bytes| Uuid::from_slice(bytes).ok();
    Some((id(hackathon)?.into(), id(person)?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: &str) -> SecretKey {
        SecretKey::from_hex(&digit.repeat(64).into(), "a test").expect("a key")
    }

    #[test]
    fn a_token_names_its_hackathon_and_person_and_cannot_be_changed() {
        let (hackathon, person) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        let own = token(&key("a"), hackathon, person);
        assert_eq!(own, token(&key("a"), hackathon, person));
        assert_eq!(read_token(&key("a"), &own), Some((hackathon, person)));
        assert_eq!(read_token(&key("b"), &own), None);
        let other = token(&key("a"), hackathon, Uuid::from_u128(3).into());
        let forged = format!("{}{}", &other[..64], &own[64..]);
        for wrong in [forged.as_str(), &own[..64], &own[2..], "made-up", ""] {
            assert_eq!(read_token(&key("a"), wrong), None, "{wrong}");
        }
    }
}
