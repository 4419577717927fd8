//! E-mails about friends.

use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

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

/// The e-mail about a friend request. It does not name the person who sent it, so that nothing of them stays with others when they
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

email_template!(FriendRequested, "friend_request.txt", "friend_request.html");

/// The e-mail about an accepted friend request. It does not name the person who accepted it either.
#[derive(Clone, Copy, Debug)]
pub struct FriendAccepted;

impl FriendAccepted {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(self) -> String {
        "/friends".to_owned()
    }
}

email_template!(FriendAccepted, "friend_accepted.txt", "friend_accepted.html");

/// Returns each e-mail with sample data.
pub(super) fn samples() -> Vec<Sample> {
    vec![
        Sample::new("friend-request", FriendRequested).optional(),
        Sample::new("friend-accepted", FriendAccepted).optional(),
    ]
}
