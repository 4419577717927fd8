//! Friendships: how each action changes one, and how many requests a person can send.
//!
//! A blocked person learns nothing: all that they do has the same outcome as towards a person who does not block them.

use chrono::TimeDelta;
use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use uuid::Uuid;

use crate::model::{FriendList, FriendStatus};

/// The number of requests that a person can send in [`REQUESTS_PERIOD`].
pub const MOST_REQUESTS: usize = 20;

/// The period in which requests are counted.
pub const REQUESTS_PERIOD: TimeDelta = TimeDelta::days(1);

/// The relation of a person to another, as the person's side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// There is nothing between the two.
    Strangers,
    /// The person asked the other.
    Sent,
    /// The other asked the person.
    Received,
    /// The two are friends.
    Friends,
    /// The other declined the person's request.
    SentDeclined,
    /// The person declined the other's request.
    ReceivedDeclined,
    /// The person blocks the other, whose hidden request may wait.
    Blocking {
        /// True if the other asked the person.
        is_asked: bool,
    },
    /// The other blocks the person, whose hidden request may wait.
    BlockedBy {
        /// True if the person asked the other.
        is_asking: bool,
    },
    /// Each blocks the other.
    BothBlock,
}

/// An action of a person towards another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Asks the other to be friends, or accepts their request.
    Request,
    /// Accepts the other's request.
    Accept,
    /// Declines the other's request.
    Decline,
    /// Cancels the person's request.
    Cancel,
    Remove,
    /// Blocks the other.
    Block,
    /// Ends the block.
    Unblock,
}

impl Verb {
    pub const ALL: [Self; 7] = [
        Self::Request,
        Self::Accept,
        Self::Decline,
        Self::Cancel,
        Self::Remove,
        Self::Block,
        Self::Unblock,
    ];
}

/// Returns the relation after an action of the person whose side it is. An action that changes nothing returns the same.
///
/// # Errors
/// When there is no request to answer, the request to cancel was accepted, or the person blocks the other whom they ask.
pub fn changed(bond: Bond, verb: Verb) -> Result<Bond, Problem> {
    match verb {
        Verb::Request => requested(bond),
        Verb::Accept | Verb::Decline => answered(bond, verb == Verb::Accept),
        Verb::Cancel => canceled(bond),
        Verb::Remove => Ok(match bond {
            Bond::Friends => Bond::Strangers,
            other => other,
        }),
        Verb::Block => Ok(blocked(bond)),
        Verb::Unblock => Ok(unblocked(bond)),
    }
}

fn requested(bond: Bond) -> Result<Bond, Problem> {
    match bond {
        Bond::Strangers | Bond::Sent | Bond::SentDeclined | Bond::ReceivedDeclined => {
            Ok(Bond::Sent)
        }
        Bond::Received | Bond::Friends => Ok(Bond::Friends),
        Bond::BlockedBy { .. } => Ok(Bond::BlockedBy { is_asking: true }),
        Bond::Blocking { .. } | Bond::BothBlock => {
            let detail = "You block this person. Unblock them first.";
            Err(Problem::new(ProblemKind::Conflict, "FRIEND_BLOCKED", detail).at("login"))
        }
    }
}

fn answered(bond: Bond, is_accepted: bool) -> Result<Bond, Problem> {
    match (bond, is_accepted) {
        (Bond::Received | Bond::Friends, true) => Ok(Bond::Friends),
        (Bond::Received | Bond::ReceivedDeclined, false) => Ok(Bond::ReceivedDeclined),
        _ => {
            let detail = "This person has not asked you to be friends, or no longer does. See your requests at /friends.";
            Err(Problem::new(ProblemKind::NotFound, "NO_FRIEND_REQUEST", detail))
        }
    }
}

fn canceled(bond: Bond) -> Result<Bond, Problem> {
    match bond {
        Bond::Sent => Ok(Bond::Strangers),
        Bond::BlockedBy { .. } => Ok(Bond::BlockedBy { is_asking: false }),
        Bond::Friends => {
            let detail = "Your request was accepted, so it can no longer be canceled. Remove the person from your friends instead.";
            Err(Problem::new(ProblemKind::Conflict, "FRIEND_REQUEST_ACCEPTED", detail))
        }
        other => Ok(other),
    }
}

fn blocked(bond: Bond) -> Bond {
    match bond {
        Bond::Strangers
        | Bond::Sent
        | Bond::Friends
        | Bond::SentDeclined
        | Bond::ReceivedDeclined => Bond::Blocking { is_asked: false },
        // The request stays in the eyes of the person who sent it.
        Bond::Received => Bond::Blocking { is_asked: true },
        Bond::BlockedBy { .. } => Bond::BothBlock,
        same @ (Bond::Blocking { .. } | Bond::BothBlock) => same,
    }
}

fn unblocked(bond: Bond) -> Bond {
    match bond {
        Bond::Blocking { is_asked: true } => Bond::Received,
        Bond::Blocking { is_asked: false } => Bond::Strangers,
        Bond::BothBlock => Bond::BlockedBy { is_asking: false },
        other => other,
    }
}

/// The stored form of a relation. In a block, the addressee blocks the requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredFriendship {
    /// True if the person is the requester.
    pub is_requester: bool,
    pub status: FriendStatus,
    /// True if the requester waits for an answer.
    pub is_waiting: bool,
    /// True if the requester blocks the addressee as well.
    pub is_mutual: bool,
}

impl Bond {
    /// Returns the relation with a stored form.
    #[must_use]
    pub fn of(stored: StoredFriendship) -> Self {
        match (stored.status, stored.is_requester) {
            (FriendStatus::Pending, true) => Self::Sent,
            (FriendStatus::Pending, false) => Self::Received,
            (FriendStatus::Accepted, _) => Self::Friends,
            (FriendStatus::Declined, true) => Self::SentDeclined,
            (FriendStatus::Declined, false) => Self::ReceivedDeclined,
            (FriendStatus::Blocked, _) if stored.is_mutual => Self::BothBlock,
            (FriendStatus::Blocked, true) => Self::BlockedBy { is_asking: stored.is_waiting },
            (FriendStatus::Blocked, false) => Self::Blocking { is_asked: stored.is_waiting },
        }
    }

    /// Returns the stored form; `None` if nothing is stored. New friends accepted the other's request.
    #[must_use]
    pub fn stored(self) -> Option<StoredFriendship> {
        use FriendStatus::{Accepted, Blocked, Declined, Pending};
        let form = |is_requester, status, is_waiting| StoredFriendship {
            is_requester,
            status,
            is_waiting,
            is_mutual: self == Self::BothBlock,
        };
        Some(match self {
            Self::Strangers => return None,
            Self::Sent => form(true, Pending, true),
            Self::Received => form(false, Pending, true),
            Self::Friends => form(false, Accepted, false),
            Self::SentDeclined => form(true, Declined, false),
            Self::ReceivedDeclined => form(false, Declined, false),
            Self::BlockedBy { is_asking } => form(true, Blocked, is_asking),
            Self::Blocking { is_asked } => form(false, Blocked, is_asked),
            Self::BothBlock => form(false, Blocked, false),
        })
    }

    /// Returns the list in which the person sees the other; `None` if they see them in none of the lists.
    #[must_use]
    pub fn list(self) -> Option<FriendList> {
        match self {
            Self::Sent | Self::BlockedBy { is_asking: true } => Some(FriendList::Sent),
            Self::Received => Some(FriendList::Received),
            Self::Friends => Some(FriendList::Friends),
            Self::Blocking { .. } | Self::BothBlock => Some(FriendList::Blocked),
            Self::Strangers
            | Self::SentDeclined
            | Self::ReceivedDeclined
            | Self::BlockedBy { is_asking: false } => None,
        }
    }
}

/// Refuses a request of a person who sent as many as they can; `sent` are the instants of those in [`REQUESTS_PERIOD`], earliest
/// first.
///
/// # Errors
/// When they have to wait. The problem says how long.
pub fn may_request(sent: &[Timestamp], now: Timestamp) -> Result<(), Problem> {
    let Some(before) = sent.len().checked_sub(MOST_REQUESTS) else {
        return Ok(());
    };
    let wait = sent[before] + REQUESTS_PERIOD - now;
    let seconds = wait.num_seconds().max(0) + 1;
    let detail = format!(
        "You sent {MOST_REQUESTS} friend requests in a day. Send the next one later, or ask the person to send you one."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_FRIEND_REQUESTS", detail);
    Err(problem.at("login").after(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// Parses the person after whom a page begins.
///
/// # Errors
/// When the cursor is not one that this server issued.
pub fn cursor(text: &str) -> Result<UserId, Problem> {
    let bad = |_| {
        let detail = "The cursor is not one of this list. Start again without it.";
        Problem::new(ProblemKind::Malformed, "BAD_CURSOR", detail)
    };
    Uuid::try_parse(text).map(UserId::new).map_err(bad)
}

/// Returns the error for an action of a person towards themselves.
#[must_use]
pub fn own_friendship() -> Problem {
    let detail = "This is your own login. Enter that of someone else.";
    Problem::new(ProblemKind::Invalid, "OWN_FRIENDSHIP", detail).at("login")
}

#[cfg(test)]
mod tests;
