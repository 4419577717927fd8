//! Addresses of calendars that work without a session.

use identity::model::UserId;
use platform::crypto::{self, SecretKey};
use uuid::Uuid;

use crate::model::HackathonId;

/// The purposes that the keys of the addresses are derived for: of a hackathon's calendar, and of a person's.
const PURPOSE: &str = "hackathon calendars";
const PERSONAL: &str = "personal hackathon calendars";

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

/// Returns the path at which a personal calendar is read: its ID, signed, so that it cannot be guessed.
#[must_use]
pub fn feed_path(key: &SecretKey, feed: Uuid) -> String {
    let tag = crypto::tag(&key.derived(PERSONAL), feed.as_bytes());
    let token = crypto::to_text(&[feed.as_bytes(), tag.as_slice()].concat());
    format!("/hackathon-calendars/own/{token}")
}

/// Reads the last part of the address of a personal calendar: its ID. Returns `None` unless it is signed with the key.
#[must_use]
pub fn read_feed_token(key: &SecretKey, token: &str) -> Option<Uuid> {
    let bytes = crypto::from_text(token)?;
    let (feed, tag) = bytes.split_at_checked(16)?;
    let is_signed = crypto::tag_is_valid(&key.derived(PERSONAL), feed, tag);
    is_signed.then(|| Uuid::from_slice(feed).ok()).flatten()
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

    #[test]
    fn the_address_of_a_personal_calendar_names_it_and_cannot_be_changed() {
        let token = |id: u128| {
            let path = feed_path(&key("a"), Uuid::from_u128(id));
            let token = path.strip_prefix("/hackathon-calendars/own/");
            token.expect("a path").to_owned()
        };
        let own = token(1);
        assert_eq!(read_feed_token(&key("a"), &own), Some(Uuid::from_u128(1)));
        assert_eq!(read_feed_token(&key("b"), &own), None);
        let forged = format!("{}{}", &token(2)[..32], &own[32..]);
        let of_event = super::token(&key("a"), Uuid::from_u128(1).into(), Uuid::nil().into());
        for wrong in [forged.as_str(), &of_event, &own[..32], &own[2..], "made-up", ""] {
            assert_eq!(read_feed_token(&key("a"), wrong), None, "{wrong}");
        }
        assert_eq!(read_token(&key("a"), &own), None);
    }
}
