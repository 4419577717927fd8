//! Emails about friends.

use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FRIENDS;

pub const FRIEND_REQUEST: NewsKind = NewsKind {
    code: "friend_request",
    title: "Friend requests",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FRIENDS),
};

/// A friend request that was accepted.
pub const FRIEND_ACCEPTED: NewsKind = NewsKind {
    code: "friend_accepted",
    title: "Accepted friend requests",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: false,
    flag: Some(FRIENDS),
};

/// The email about a friend request. It does not name the person who sent it, so that nothing of them stays with others when they
/// are erased.
#[derive(Clone, Copy, Debug)]
pub struct FriendRequested;

impl FriendRequested {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(self) -> String {
        "/friends?list=received".to_owned()
    }
}

impl EmailTemplate for FriendRequested {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new("You have a friend request")
            .says("Friends can invite each other to their teams.")
            .button("Accept or decline", self.link())
            .because("someone asked to be your friend")
    }
}

/// The email about an accepted friend request. It does not name the person who accepted it either.
#[derive(Clone, Copy, Debug)]
pub struct FriendAccepted;

impl FriendAccepted {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(self) -> String {
        "/friends".to_owned()
    }
}

impl EmailTemplate for FriendAccepted {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new("Your friend request was accepted")
            .says("You can invite each other to your teams now.")
            .button("See your friends", self.link())
            .because("you asked someone to be your friend")
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    vec![
        Sample::new("friend-request", FriendRequested).optional(),
        Sample::new("friend-accepted", FriendAccepted).optional(),
    ]
}
