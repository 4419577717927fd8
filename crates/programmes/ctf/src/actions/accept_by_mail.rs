use identity::{
    actions::{Welcome, enter_invited, invited_account},
    model::Device,
};
use platform::{ActionError, Context, audit::Actor};

use super::{
    accept::{accept_coach, accept_roster},
    profile_links::{CompletedProfile, complete},
};
use crate::{
    access,
    reads::{self, RosterView},
    rules::rosters::CoachInput,
};

/// The answer to a link that was emailed.
#[derive(Clone, Copy, Debug)]
pub enum MailedAnswer<'a> {
    /// Becomes a coach.
    Coach(&'a CoachInput),
    /// Shares a roster.
    Roster,
    /// Completes a profile, which is connected with the account.
    Profile(&'a CompletedProfile),
}

/// Accepts an invitation by the token that was only in its email, and signs in as the owner of the address, with a new account if it
/// has no owner. The browser's previous session (`former`, its token) ends. Returns the roster that is shared.
///
/// # Errors
/// When the token proves no address, its owner is banned, or as for [`super::accept_coach_link`], [`super::accept_roster_link`] and
/// [`super::complete_profile`].
pub async fn accept_by_mail(
    context: &Context,
    token: &str,
    answer: MailedAnswer<'_>,
    device: &Device,
    former: Option<&str>,
) -> Result<(Welcome, Option<RosterView>), ActionError> {
    let mut tx = context.begin().await?;
    let link = reads::link(&tx, token, context.now()).await?;
    let address = link.and_then(|link| link.proves);
    let address = address.ok_or_else(access::unknown_link)?;
    let person = invited_account(&tx, context, &address).await?;
    let mut shared = None;
    match answer {
        MailedAnswer::Coach(input) => {
            accept_coach(&tx, context, person, token, input).await?;
        }
        MailedAnswer::Roster => {
            shared = Some(accept_roster(&tx, context, person, token).await?);
        }
        MailedAnswer::Profile(completed) => {
            let connected = CompletedProfile { connect: Some(person), ..completed.clone() };
            complete(&mut tx, context, Actor::Person(person.0), token, &connected).await?;
        }
    }
    let welcome = enter_invited(&mut tx, context, person, device, former).await?;
    tx.commit().await?;
    Ok((welcome, shared))
}
