use kernel::counted;
use platform::{
    Context,
    audit::Actor,
    db::{DbError, Tx},
};

use super::{
    erase::request_deletion,
    settle_status::settle_status,
    trouble::{SyncTrouble, is_unasked},
};
use crate::{
    gateway::{GamePlatform, NewUser, PlatformError, PlatformRole, PlatformUser},
    model::{CoachId, CompetitorId},
    reads::{self, CoachView, CompetitorView},
    rules::{
        plan::{PlannedPerson, hindrance},
        username,
    },
    store::{
        accounts::{self, ConfirmedAccount, Owner},
        erasures::DeletionSubject,
        sync_people::RosterCoach,
    },
};

/// Puts a coach on the platform, unless they are there. Returns their ID there.
pub(crate) async fn onboard_coach(
    context: &Context,
    platform: &dyn GamePlatform,
    coach: &RosterCoach,
) -> Result<String, SyncTrouble> {
    if let Some(id) = &coach.game_platform_id {
        return Ok(id.clone());
    }
    let id = CoachId::new(coach.coach_id);
    let added = add_coach(context, platform, id).await;
    note(context, Owner::Coach(id), added).await
}

pub(crate) async fn add_coach(
    context: &Context,
    platform: &dyn GamePlatform,
    coach: CoachId,
) -> Result<ConfirmedAccount, SyncTrouble> {
    let view = free_coach(context, coach).await?;
    let id = platform.id_of(coach.0);
    if let Some(found) = platform.user(&id).await? {
        return Ok(account(id, found));
    }
    let email = identity::reads::verified_email(&context.db, view.user_id.into()).await?;
    let email = email.ok_or_else(|| {
        let message = "The coach of the roster has no email address. The coach adds one in the settings; then retry.";
        SyncTrouble::data("coach_without_email", message)
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

/// Finds a coach who may be sent: an approved one.
async fn free_coach(context: &Context, id: CoachId) -> Result<CoachView, SyncTrouble> {
    let view = reads::coach(&context.db, id).await?;
    let why = match view {
        Some(view) if view.approved => return Ok(view),
        None => "The coach is unknown. Add a coach to the roster, and retry.",
        Some(view) if view.erased_at.is_some() => {
            "The data of this coach was erased. Nothing about them is sent or fetched."
        }
        Some(_) => "The coach is suspended. Approve them, and retry.",
    };
    Err(SyncTrouble::data("no_coach", why))
}

/// Puts a competitor on the platform: asks whether they are there, and creates the account if not. Returns their ID there.
pub(crate) async fn onboard(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: CompetitorId,
    coach: &str,
) -> Result<String, SyncTrouble> {
    let added = add_competitor(context, platform, competitor, coach).await;
    note(context, Owner::Competitor(competitor), added).await
}

/// Notes why a competitor cannot be put on the platform.
pub(crate) async fn refuse(
    context: &Context,
    competitor: CompetitorId,
    why: String,
) -> Result<String, SyncTrouble> {
    let refused = Err(SyncTrouble::data("no_coach", why));
    note(context, Owner::Competitor(competitor), refused).await
}

async fn add_competitor(
    context: &Context,
    platform: &dyn GamePlatform,
    competitor: CompetitorId,
    coach: &str,
) -> Result<ConfirmedAccount, SyncTrouble> {
    let view = free(context, competitor).await?;
    let id = platform.id_of(competitor.0);
    if let Some(found) = platform.user(&id).await? {
        return Ok(account(id, found));
    }
    let addresses = [&view.email_school, &view.email_personal];
    let mut addresses = addresses.into_iter().flatten();
    let email = addresses.find(|address| !address.trim().is_empty());
    let email = email.ok_or_else(|| SyncTrouble::data("no_email", NO_EMAIL))?;
    if view.first_name.trim().is_empty() && view.last_name.trim().is_empty() {
        return Err(SyncTrouble::data("no_name", NO_NAME));
    }
    let roster = reads::roster(&context.db, view.roster()).await?;
    let user = NewUser {
        first_name: view.first_name.clone(),
        // The platform requires both names.
        last_name: filled(&view.last_name).unwrap_or_else(|| view.first_name.clone()),
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
pub(crate) const NO_EMAIL: &str = "No email address. Add one and retry.";

/// The message for a competitor without a name.
pub(crate) const NO_NAME: &str = "No name. Add one and retry.";

/// The message for a roster without a coach.
pub(crate) const NO_COACH: &str =
    "The roster has no approved coach. Approve a coach or add one to the roster, and retry.";

/// Finds a competitor who may still be sent.
async fn free(context: &Context, id: CompetitorId) -> Result<CompetitorView, SyncTrouble> {
    let view = reads::competitor(&context.db, id).await?;
    let view = view.ok_or_else(|| {
        SyncTrouble::data("unknown_here", "The competitor no longer exists. Reload the list.")
    })?;
    match hindrance(&person(&view)) {
        Some(skip) => Err(SyncTrouble::Skip(skip)),
        None => Ok(view),
    }
}

/// Returns what decides whether a competitor may be sent, as if the integration were on for the roster.
pub(crate) fn person(view: &CompetitorView) -> PlannedPerson {
    PlannedPerson {
        is_erased: view.erased_at.is_some(),
        has_left: view.left_at.is_some(),
        is_archived: false,
        is_confirmed: view.confirmed_at.is_some(),
        is_of_age: view.is_18_or_over,
        release_signed: view.release_signed,
        release_withdrawn: view.release_withdrawn_at.is_some(),
        incomplete: if view.is_on_platform() { None } else { view.profile().incomplete() },
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
) -> Result<PlatformUser, SyncTrouble> {
    for name in names {
        let named = NewUser { username: Some(name.clone()), ..user.clone() };
        match platform.create_user(named).await {
            Ok(created) => return Ok(created),
            Err(error) if is_about_name(&error) => {}
            Err(error) if error.is_refusal() => {
                // An attempt whose answer was lost, or another process, may have created the account.
                let found = platform.user(&user.id).await?;
                return found.ok_or_else(|| error.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    let tried = counted(names.len(), "username", "usernames");
    let message = format!(
        "The game platform refused {tried} made from the name. Change the name, and retry."
    );
    Err(SyncTrouble::data("no_username", message))
}

fn is_about_name(error: &PlatformError) -> bool {
    match error {
        PlatformError::Refused { detail, .. } => {
            error.is_refusal() && detail.to_lowercase().contains("username")
        }
        _ => false,
    }
}

pub(crate) fn account(id: String, user: PlatformUser) -> ConfirmedAccount {
    ConfirmedAccount {
        id,
        metactf_user_id: user.metactf_user_id,
        username: user.username,
        status: user.status,
        last_login_at: user.last_login_at,
    }
}

/// Stores the result, and returns the ID on the platform. Errors that concern everyone are not stored with a person.
async fn note(
    context: &Context,
    owner: Owner,
    added: Result<ConfirmedAccount, SyncTrouble>,
) -> Result<String, SyncTrouble> {
    let now = context.now();
    match added {
        Ok(account) => {
            confirm(context, owner, &account).await?;
            Ok(account.id)
        }
        Err(trouble) => {
            let is_own = match &trouble {
                SyncTrouble::Platform(error) => !is_unasked(error),
                SyncTrouble::Data { .. } => true,
                SyncTrouble::Db(_) | SyncTrouble::Skip(_) => false,
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

/// Stores an account that the platform confirmed, and the status that follows. That of a person who was erased meanwhile has to
/// be deleted there.
pub(crate) async fn confirm(
    context: &Context,
    owner: Owner,
    account: &ConfirmedAccount,
) -> Result<(), DbError> {
    let (tx, now) = (context.begin().await?, context.now());
    let Some(is_erased) = locked(&tx, owner).await? else {
        return Ok(());
    };
    if is_erased {
        request_deletion(&tx, context, deleted(owner), account.id.as_str(), Actor::Operator)
            .await?;
        return tx.commit().await;
    }
    accounts::confirm(&tx, owner, account, now).await?;
    if let Owner::Competitor(id) = owner {
        settle_status(&tx, id).await?;
    }
    tx.commit().await
}

/// Locks the row of an owner, and returns whether they are erased; `None` if there is no row.
async fn locked(tx: &Tx, owner: Owner) -> Result<Option<bool>, DbError> {
    match owner {
        Owner::Competitor(id) => {
            tx.lock_rows("competitors", [id.0]).await?;
            let view = reads::competitor(tx, id).await?;
            Ok(view.map(|view| view.erased_at.is_some()))
        }
        Owner::Coach(id) => {
            tx.lock_rows("coaches", [id.0]).await?;
            let view = reads::coach(tx, id).await?;
            Ok(view.map(|view| view.erased_at.is_some()))
        }
    }
}

fn deleted(owner: Owner) -> DeletionSubject {
    match owner {
        Owner::Competitor(id) => DeletionSubject::Competitor(id),
        Owner::Coach(id) => DeletionSubject::Coach(id),
    }
}
