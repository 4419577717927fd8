//! The notifications of badges, which `guildhall` sends.

use chrono::TimeDelta;
use identity::model::UserId;
use platform::{
    db::{DbError, Tx},
    module::NewsKind,
    outbox::EmailTemplate,
};
use uuid::Uuid;

use super::badges::{award, awards_since, badge_by_id};
use crate::{
    emails::{
        BADGE_EARNED, BADGE_REVOKED, BADGES_EARNED_EARLIER, BadgeEarned, BadgeRevoked, BadgesFound,
    },
    model::BadgeRow,
};

/// News for a person.
pub struct News {
    pub kind: &'static NewsKind,
    /// The recipient.
    pub user_id: UserId,
    /// The path of the page that it leads to.
    pub link: String,
    pub email: Box<dyn EmailTemplate>,
}

/// Returns the news of an award: that it was made, or that it was revoked. A badge that not everyone is shown has none: its
/// programme tells who may know.
pub async fn award_news(tx: &Tx, id: Uuid) -> Result<Option<News>, DbError> {
    let Some(award) = award(tx, id).await? else {
        return Ok(None);
    };
    let badge = badge_by_id(tx, award.badge_id).await?.filter(BadgeRow::is_public);
    let Some(badge) = badge else {
        return Ok(None);
    };
    let link = format!("/badges/{}", badge.slug);
    let (kind, email): (_, Box<dyn EmailTemplate>) = match award.revoked_at {
        None => {
            let email = BadgeEarned {
                name: badge.name,
                slug: badge.slug,
                description: badge.description,
                reason: award.reason.unwrap_or_default(),
            };
            (&BADGE_EARNED, Box::new(email))
        }
        Some(_) => {
            let email = BadgeRevoked {
                name: badge.name,
                slug: badge.slug,
                reason: award.revoke_reason.unwrap_or_default(),
            };
            (&BADGE_REVOKED, Box::new(email))
        }
    };
    Ok(Some(News { kind, user_id: award.user_id.into(), link, email }))
}

/// The time in which awards belong to one evaluation, to be counted together.
const TOGETHER: TimeDelta = TimeDelta::hours(1);

/// Returns the news of badges that an evaluation of everyone found; the award is one of them.
pub async fn found_news(tx: &Tx, id: Uuid) -> Result<Option<News>, DbError> {
    let Some(award) = award(tx, id).await? else {
        return Ok(None);
    };
    let person = award.user_id.into();
    let since = award.created_at - TOGETHER;
    let count = awards_since(tx, person, since).await?;
    Ok((count > 0).then(|| News {
        kind: &BADGES_EARNED_EARLIER,
        user_id: person,
        link: "/".to_owned(),
        email: Box::new(BadgesFound { count }),
    }))
}
