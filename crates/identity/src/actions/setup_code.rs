//! Codes with which whoever reads the log of a server becomes its first admin, or signs in as an admin.

use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    crypto,
    db::{DbError, Sql, Tx},
};
use serde_json::json;

use super::{
    acts::on_person,
    profile,
    sign_in::{Welcome, enter},
    sign_in_openid::insert_person,
};
use crate::{
    model::{AccountKind, Device, Profile, Role, SetupCode, SetupUse, UserId},
    reads,
    rules::{self, Newcomer, SETUP_CODE_LASTS, SETUP_TRY_COUNTS, SetupInput},
    store::{accounts, emails, people, setup_codes as codes},
};

/// Makes a setup code, which is stored nowhere else. It makes whoever enters it the first admin, or signs in `admin`, as long as
/// they are one.
///
/// # Errors
/// When the operating system provides no random bytes.
pub async fn make_setup_code(
    context: &Context,
    admin: Option<UserId>,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let code = insert_code(&tx, context, admin).await?;
    tx.commit().await?;
    Ok(code)
}

async fn insert_code(
    tx: &Tx,
    context: &Context,
    admin: Option<UserId>,
) -> Result<String, ActionError> {
    let code = rules::setup_code(crypto::random()?);
    let (id, now) = (context.ids.next(), context.now());
    let hash = rules::hash(&code.replace('-', ""));
    codes::insert(tx, id, hash, admin, (now, now + SETUP_CODE_LASTS)).await?;
    if let Some(admin) = admin {
        let act = on_person(Actor::Operator, "user.setup_code", admin);
        audit::record(tx, context, act).await?;
    }
    Ok(code)
}

/// Creates an admin with an email address, which stays unverified, and a code that signs them in. The login says nothing about the
/// address, because others see it. Returns the login and the code.
///
/// # Errors
/// When the text is not an address, a person has verified it, whose role can be changed instead, or an admin has stated it.
pub async fn create_admin(context: &Context, typed: &str) -> Result<(String, String), ActionError> {
    let address = rules::email_address(typed)?;
    let tx = context.begin().await?;
    // Keeps another person from taking the login meanwhile, and a browser from becoming the first admin.
    tx.serialize("identity.accounts").await?;
    tx.serialize("identity.admins").await?;
    if let Some(owner) = emails::owner(&tx, &address).await?.map(UserId::new) {
        let login = reads::logins(&tx, [owner]).await?.remove(&owner);
        return Err(rules::address_has_account(&login.unwrap_or_default()).into());
    }
    if let Some(admin) = emails::unverified_admin(&tx, &address).await?.map(UserId::new) {
        let login = reads::logins(&tx, [admin]).await?.remove(&admin);
        return Err(rules::address_has_admin(&login.unwrap_or_default()).into());
    }
    let (ids, now) = (context.ids.as_ref(), context.now());
    let person = UserId::new(ids.next());
    let login = insert_person(&tx, person, None, now).await?;
    accounts::record_logins(&tx, ids, &[(person, &login)], now).await?;
    emails::insert_stated(&tx, ids.next(), person, &address, now).await?;
    people::set_role(&tx, person, Role::Admin, now).await?;
    let granted = Act {
        after: Some(json!({ "role": Role::Admin.as_str() })),
        ..on_person(Actor::Operator, "user.grant", person)
    };
    audit::record(&tx, context, granted).await?;
    let code = insert_code(&tx, context, Some(person)).await?;
    tx.commit().await?;
    Ok((login, code))
}

/// Signs in with a setup code. While no one is an admin, it makes the first: the signed-in person (`viewer`), or a newcomer who
/// gets an account. The browser's previous session (`former`, its token) ends.
///
/// # Errors
/// When an admin exists and no code was made for one; when too many codes were wrong; when this one is wrong, was used or
/// expired; or when a newcomer has no name.
pub async fn set_up(
    context: &Context,
    input: &SetupInput,
    viewer: Option<UserId>,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    // On most servers codes are good for nothing: no stranger takes a lock there.
    if reads::setup_use(&context.db, context.now()).await? == SetupUse::Nothing {
        return Err(already_set_up(&context.db, &input.code).await?);
    }
    let tx = context.begin().await?;
    // Keeps two browsers from both becoming the first admin, and wrong codes from being counted too late.
    tx.serialize("identity.accounts").await?;
    tx.serialize("identity.admins").await?;
    let purpose = reads::setup_use(&tx, context.now()).await?;
    if purpose == SetupUse::Nothing {
        return Err(already_set_up(&tx, &input.code).await?);
    }
    let is_newcomer = purpose == SetupUse::FirstAdmin && viewer.is_none();
    let (code, newcomer) = rules::setup_input(input, is_newcomer)?;
    let (mut tx, code) = with_code(tx, context, &code, purpose, device).await?;
    let person = match code.user_id {
        Some(admin) => {
            codes::use_up(&tx, code.id, context.now()).await?;
            admin.into()
        }
        None => first_admin(&tx, context, viewer, &newcomer).await?,
    };
    let welcome = enter(&mut tx, context, person, AccountKind::User, device, former).await?;
    tx.commit().await?;
    Ok(welcome)
}

/// Finds a code that can be used, in a transaction that locks the admins. Any other is counted as wrong and committed.
async fn with_code(
    tx: Tx,
    context: &Context,
    code: &str,
    purpose: SetupUse,
    device: &Device,
) -> Result<(Tx, SetupCode), ActionError> {
    let now = context.now();
    let network = device.address_prefix.as_deref().unwrap_or("unknown");
    // A new code can be tried at once, whoever tried to guess the one before.
    let newest = codes::newest(&tx).await?;
    let hour_ago = now - SETUP_TRY_COUNTS;
    let since = newest.map_or(hour_ago, |newest| newest.max(hour_ago));
    let (of_network, of_all) = codes::tries(&tx, network, since).await?;
    let left = rules::may_try_setup_code(of_network, of_all)?;
    let found = codes::find(&tx, rules::hash(code)).await?;
    if let Some(code) = found.filter(|code| rules::is_usable(code, purpose, now)) {
        return Ok((tx, code));
    }
    codes::note_try(&tx, context.ids.next(), network, now).await?;
    tx.commit().await?;
    Err(rules::wrong_setup_code(found.as_ref(), newest, left - 1, now).into())
}

/// Makes the signed-in person, or a newcomer, the first admin. No other code can be used from then on.
async fn first_admin(
    tx: &Tx,
    context: &Context,
    viewer: Option<UserId>,
    newcomer: &Newcomer,
) -> Result<UserId, ActionError> {
    let person = match viewer {
        Some(person) => person,
        None => insert_newcomer(tx, context, newcomer).await?,
    };
    people::set_role(tx, person, Role::Admin, context.now()).await?;
    codes::use_up_all(tx, person, context.now()).await?;
    let act = on_person(Actor::Person(person.0), "user.first_admin", person);
    audit::record(tx, context, act).await?;
    Ok(person)
}

/// Creates an account whose only sign-in method is a setup code, until its person adds another.
async fn insert_newcomer(
    tx: &Tx,
    context: &Context,
    newcomer: &Newcomer,
) -> Result<UserId, DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    let person = UserId::new(ids.next());
    let login = insert_person(tx, person, Some(&newcomer.name), now).await?;
    accounts::record_logins(tx, ids, &[(person, &login)], now).await?;
    let profile = Profile { name: newcomer.name.clone(), ..Profile::default() };
    profile::write(tx, context, person, &profile).await?;
    if let Some(address) = &newcomer.address {
        emails::insert_stated(tx, ids.next(), person, address, now).await?;
    }
    Ok(person)
}

/// Returns the error of a server that has an admin. Whoever has the code that was used learns by whom.
async fn already_set_up(db: &impl Sql, typed: &str) -> Result<ActionError, DbError> {
    let found = match rules::typed_setup_code(typed) {
        Some(code) => codes::find(db, rules::hash(&code)).await?,
        None => None,
    };
    let Some((at, person)) = found.and_then(|code| code.used_at.zip(code.user_id)) else {
        return Ok(rules::already_set_up(None).into());
    };
    let person = UserId::new(person);
    let who = reads::who(db, [person]).await?.remove(&person);
    let by = who.as_ref().map(|who| (who.called(), at));
    Ok(rules::already_set_up(by).into())
}

/// Deletes codes that expired, and wrong ones that no longer count; returns the number of codes.
pub async fn forget_setup_codes(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = codes::forget(&tx, context.now() - SETUP_TRY_COUNTS).await?;
    tx.commit().await?;
    Ok(forgotten)
}
