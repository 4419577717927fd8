use kernel::counted;
use platform::{Context, audit::Actor, db::DbError};

use super::{
    erase::request_deletion,
    settle_status::settle_status,
    trouble::{Trouble, is_unasked},
};
use crate::{
    gateway::{GamePlatform, NewUser, PlatformError, PlatformRole, PlatformUser},
    model::{CoachId, CompetitorId},
    reads::{self, CompetitorView},
    rules::{
        plan::{Person, hindrance},
        username,
    },
    store::{
        accounts::{self, Account, Owner},
        sync_people::RosterCoach,
    },
};

/// Puts a coach on the platform, unless they are there. Returns their ID there.
pub(crate) async fn onboard_coach(
    context: &Context,
    platform: &dyn GamePlatform,
    coach: &RosterCoach,
) -> Result<String, Trouble> {
    if let Some(id) = &coach.game_platform_id {
        return Ok(id.clone());
    }
    let id = CoachId::new(coach.coach_id);
    let added = add_coach(context, platform, id).await;
    note(context, Owner::Coach(id), added).await
}

async fn add_coach(
    context: &Context,
    platform: &dyn GamePlatform,
    coach: CoachId,
) -> Result<Account, Trouble> {
    let id = platform.id_of(coach.0);
    if let Some(found) = platform.user(&id).await? {
        return Ok(account(id, found));
    }
    let missing = || {
        Trouble::data(
            "no_coach",
            "The coach is unknown. Add a coach to the roster, and retry.",
        )
    };
    let view = reads::coach(&context.db, coach).await?;
    let view = view.ok_or_else(missing)?;
    let email = identity::reads::verified_email(&context.db, view.user_id.into()).await?;
    let email = email.ok_or_else(|| {
        let message = "The coach of the roster has no e-mail address. The coach adds one in the settings; then retry.";
        Trouble::data("coach_without_email", message)
    })?;
    let user = NewUser {
        first_name: view.login.clone(),
        last_name: "Coach".to_owned(),
        email,
        role: PlatformRole::Coach,
        id: id.clone(),
        username: None,
        school: filled(&view.school),
        region: filled(&view.region),
        coach: None,
    };
    let names = username::candidates(&view.login, "", "", coach.0);
    Ok(account(id, create(platform, user, &names).await?))
}

/// Puts a competitor on the platform: asks whether they are there, and creates the account if not. Returns their ID there.
pub(crate) async fn onboard(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: CompetitorId,
    coach: &str,
) -> Result<String, Trouble> {
    let added = add_competitor(context, platform, competitor, coach).await;
    note(context, Owner::Competitor(competitor), added).await
}

/// Notes why a competitor cannot be put on the platform.
pub(crate) async fn refuse(
    context: &Context,
    competitor: CompetitorId,
    why: String,
) -> Result<String, Trouble> {
    let refused = Err(Trouble::data("no_coach", why));
    note(context, Owner::Competitor(competitor), refused).await
}

async fn add_competitor(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: CompetitorId,
    coach: &str,
) -> Result<Account, Trouble> {
    let view = free(context, competitor).await?;
    let id = platform.id_of(competitor.0);
    if let Some(found) = platform.user(&id).await? {
        return Ok(account(id, found));
    }
    let addresses = [&view.email_school, &view.email_personal];
    let mut addresses = addresses.into_iter().flatten();
    let email = addresses.find(|address| !address.trim().is_empty());
    let email = email.ok_or_else(|| Trouble::data("no_email", NO_EMAIL))?;
    if view.first_name.trim().is_empty() && view.last_name.trim().is_empty() {
        return Err(Trouble::data("no_name", NO_NAME));
    }
    let roster = reads::roster(&context.db, view.roster()).await?;
    let user = NewUser {
        first_name: view.first_name.clone(),
        last_name: view.last_name.clone(),
        email: email.trim().to_owned(),
        role: PlatformRole::User,
        id: id.clone(),
        username: None,
        school: roster.and_then(|roster| filled(&roster.school)),
        region: None,
        coach: Some(coach.to_owned()),
    };
    let names = username::candidates(&view.first_name, &view.last_name, email, competitor.0);
    Ok(account(id, create(platform, user, &names).await?))
}

/// The message for a competitor without an address.
pub(crate) const NO_EMAIL: &str = "No e-mail address. Add one and retry.";

/// The message for a competitor without a name.
pub(crate) const NO_NAME: &str = "No name. Add one and retry.";

/// The message for a roster without a coach.
pub(crate) const NO_COACH: &str =
    "The roster has no approved coach. Approve a coach or add one to the roster, and retry.";

/// Finds a competitor who may still be sent.
async fn free(context: &Context, id: CompetitorId) -> Result<CompetitorView, Trouble> {
    let view = reads::competitor(&context.db, id).await?;
    let view = view.ok_or_else(|| {
        Trouble::data(
            "unknown_here",
            "The competitor no longer exists. Reload the list.",
        )
    })?;
    match hindrance(&person(&view)) {
        Some(skip) => Err(Trouble::Skip(skip)),
        None => Ok(view),
    }
}

/// Returns what decides whether a competitor may be sent, as if the integration were on for the roster.
pub(crate) fn person(view: &CompetitorView) -> Person {
    Person {
        is_erased: view.erased_at.is_some(),
        has_left: view.left_at.is_some(),
        is_archived: false,
        is_confirmed: view.confirmed_at.is_some(),
        is_of_age: view.is_18_or_over,
        release_signed: view.release_signed,
        release_withdrawn: view.release_withdrawn_at.is_some(),
        held_back: None,
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Creates an account, with the first of the names that is not taken.
async fn create(
    platform: &dyn GamePlatform,
    user: NewUser,
    names: &[String],
) -> Result<PlatformUser, Trouble> {
    let mut refused = None;
    for name in names {
        let named = NewUser {
            username: Some(name.clone()),
            ..user.clone()
        };
        match platform.create_user(named).await {
            Ok(created) => return Ok(created),
            Err(error) if is_about_name(&error) => refused = Some(error),
            Err(PlatformError::Refused {
                status: 409,
                detail,
            }) => {
                // Another process may have created the account since.
                let found = platform.user(&user.id).await?;
                let status = 409;
                return found.ok_or_else(|| PlatformError::Refused { status, detail }.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    let tried = counted(names.len(), "name is", "names are");
    let message = format!(
        "All {tried} taken on the game platform. Change the name of the competitor, and retry."
    );
    Err(refused.map_or_else(|| Trouble::data("no_username", message), Trouble::Platform))
}

fn is_about_name(error: &PlatformError) -> bool {
    match error {
        PlatformError::Refused { status, detail } => {
            matches!(status, 400 | 409 | 422) && detail.to_lowercase().contains("username")
        }
        _ => false,
    }
}

fn account(id: String, user: PlatformUser) -> Account {
    Account {
        id,
        metactf_user_id: user.metactf_user_id,
        username: user.username,
        status: user.status,
        last_login_at: user.last_login_at,
    }
}

/// Stores the result, and returns the ID at the platform. Errors that concern everyone are not stored with a person.
async fn note(
    context: &Context,
    owner: Owner,
    added: Result<Account, Trouble>,
) -> Result<String, Trouble> {
    let now = context.now();
    match added {
        Ok(account) => {
            confirm(context, owner, &account).await?;
            Ok(account.id)
        }
        Err(trouble) => {
            let is_own = match &trouble {
                Trouble::Platform(error) => !is_unasked(error),
                Trouble::Data { .. } => true,
                Trouble::Db(_) | Trouble::Skip(_) => false,
            };
            if is_own {
                let tx = context.begin().await?;
                accounts::set_error(&tx, owner, Some(&trouble.to_string()), now).await?;
                tx.commit().await?;
            }
            Err(trouble)
        }
    }
}

/// Stores an account that the platform confirmed, and the status that follows. That of a competitor who was erased meanwhile
/// has to be deleted there.
pub(crate) async fn confirm(
    context: &Context,
    owner: Owner,
    account: &Account,
) -> Result<(), DbError> {
    let (tx, now) = (context.begin().await?, context.now());
    if let Owner::Competitor(id) = owner {
        tx.lock_rows("competitors", [id.0]).await?;
        let Some(view) = reads::competitor(&tx, id).await? else {
            return Ok(());
        };
        if view.erased_at.is_some() {
            request_deletion(&tx, context, (id, &account.id), Actor::Operator).await?;
            return tx.commit().await;
        }
    }
    accounts::confirm(&tx, owner, account, now).await?;
    if let Owner::Competitor(id) = owner {
        settle_status(&tx, id).await?;
    }
    tx.commit().await
}
