//! Parsers of tokens never panic on any text, and accept only tokens that this server issued. Run a million
//! cases with `BOLERO_RANDOM_ITERATIONS=1000000 cargo test -p identity --test fuzz_token`.

use identity::model::UserId;
use identity::rules::{Access, SecretKind, Signer, is_link_token, is_token, token};
use kernel::Timestamp;
use uuid::Uuid;

#[test]
fn arbitrary_text_is_not_a_token() {
    bolero::check!()
        .with_type::<String>()
        .for_each(|text: &String| {
            assert!(!is_token(text), "{text} cannot be made by chance");
            let with_prefix = format!("glh_pat_{text}");
            assert!(!is_token(&with_prefix) || with_prefix.len() == 57);
        });
}

#[test]
fn a_made_token_is_accepted_and_no_byte_of_it_can_change() {
    bolero::check!()
        .with_type::<([u8; 32], u8, u8)>()
        .for_each(|(random, place, byte)| {
            let made = token(*random);
            assert!(is_token(&made), "{made}");
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *byte;
            let other = String::from_utf8_lossy(&other);
            assert_eq!(is_token(&other), other == made, "{other}");
        });
}

#[test]
fn arbitrary_text_is_not_a_link_token() {
    bolero::check!()
        .with_type::<String>()
        .for_each(|text: &String| {
            assert!(!is_link_token(text), "{text} cannot be made by chance");
            let with_prefix = format!("guildhall_link_{text}");
            assert!(!is_link_token(&with_prefix) || text.len() == 64);
        });
}

#[test]
fn a_made_link_is_accepted_and_only_digits_of_it_can_change() {
    bolero::check!()
        .with_type::<([u8; 32], u8, u8)>()
        .for_each(|(random, place, byte)| {
            let made = SecretKind::SignInLink.make(*random);
            assert!(is_link_token(&made), "{made}");
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *byte;
            let other = String::from_utf8_lossy(&other);
            let is_digit = byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
            let is_in_place = place >= "guildhall_link_".len() && is_digit;
            assert_eq!(
                is_link_token(&other),
                is_in_place || other == made,
                "{other}"
            );
        });
}

fn signer() -> Signer {
    Signer::new(
        || vec!["key".to_owned().into()],
        "https://guild.example".to_owned(),
    )
}

#[test]
fn arbitrary_text_is_not_an_access_token() {
    bolero::check!()
        .with_type::<String>()
        .for_each(|text: &String| {
            let (signer, now) = (signer(), Timestamp::UNIX_EPOCH);
            for shown in [text.clone(), format!("{text}.{text}.{text}")] {
                signer
                    .read(&shown, now)
                    .expect_err("no signature by chance");
            }
        });
}

#[test]
fn no_byte_of_an_access_token_can_change() {
    bolero::check!()
        .with_type::<(u128, u16, u8)>()
        .for_each(|(id, place, byte)| {
            let (signer, now) = (signer(), Timestamp::UNIX_EPOCH);
            let access = Access {
                user_id: UserId::new(Uuid::from_u128(*id)),
                family: Uuid::from_u128(id.rotate_left(64)),
            };
            let made = signer.issue(access, now);
            assert_eq!(signer.read(&made, now), Ok(access));
            let mut other = made.clone().into_bytes();
            let place = usize::from(*place) % other.len();
            other[place] = *byte;
            let other = String::from_utf8_lossy(&other);
            assert_eq!(signer.read(&other, now).is_ok(), other == made, "{other}");
        });
}
