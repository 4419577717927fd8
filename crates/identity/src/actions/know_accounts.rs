use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::{AccountKind, Authority, GithubAccount, PersonIdentity, UserId, placeholder_login},
    reads,
    rules::{believed, is_known, let_own_logins, newest},
    store::{
        accounts::{self, StoredAccount},
        identities::{GITHUB, StoredIdentity},
    },
};

/// Finds or creates the person of each GitHub account (unclaimed when new). GitHub's own answers update the login, kind
/// and avatar of known accounts, and state when they were created; deliveries only add a kind or an avatar that is
/// unknown. What a payload leaves out is never removed. A login belongs to one account: the one that GitHub itself states, else the
/// first known. Returns the people by GitHub ID.
pub async fn know_accounts(
    tx: &Tx,
    context: &Context,
    authority: Authority,
    seen: impl IntoIterator<Item = GithubAccount>,
) -> Result<BTreeMap<i64, PersonIdentity>, DbError> {
    let now = context.now();
    let seen = seen.into_iter();
    let mut newest = newest(seen.map(|account| believed(account, authority, now)));
    if newest.is_empty() {
        return Ok(BTreeMap::new());
    }
    // Keeps a concurrent sign-in and delivery from both creating the account.
    tx.serialize("identity.accounts").await?;
    let mut stored = by_id(accounts::find(tx, newest.values()).await?);
    let unknown = || newest.keys().copied().filter(|id| !stored.contains_key(id));
    let erased = erased(tx, context, unknown()).await?;
    let holders = match authority {
        Authority::Github => {
            let_own_logins(newest.values_mut(), authority, BTreeSet::new());
            accounts::holders(tx, newest.values()).await?
        }
        Authority::Delivery => {
            let is_new = |id: &i64| !stored.contains_key(id);
            let new = newest.values().filter(|account| is_new(&account.github_id));
            let taken = accounts::holders(tx, new).await?.into_iter();
            let taken = taken.map(|holder| holder.login.to_ascii_lowercase()).collect();
            let new = newest.values_mut().filter(|account| is_new(&account.github_id));
            let_own_logins(new, authority, taken);
            Vec::new()
        }
    };
    let newcomers: Vec<&GithubAccount> = newest
        .values()
        .filter(|account| {
            let id = &account.github_id;
            !stored.contains_key(id) && !erased.contains_key(id)
        })
        .collect();
    if !newcomers.is_empty() {
        accounts::insert(tx, context.ids.as_ref(), &newcomers, now).await?;
        stored.extend(by_id(accounts::find(tx, newcomers.iter().copied()).await?));
    }
    let known = newest.values().filter_map(|account| {
        let stored = stored.get(&account.github_id)?;
        Some((account, stored))
    });
    let known: Vec<_> = known.collect();
    match authority {
        Authority::Github => {
            let displaced = displaced(holders, &newest);
            follow(tx, &known, &displaced, now).await?;
            date(tx, &known).await?;
        }
        Authority::Delivery => complete(tx, &known, now).await?,
    }
    record_logins(tx, context, authority, &known, &newcomers, now).await?;
    let known = |(id, stored): (&i64, &StoredAccount)| {
        let known = PersonIdentity {
            user_id: stored.user_id.into(),
            identity_id: stored.identity_id.into(),
        };
        (*id, known)
    };
    let mut all = erased;
    all.extend(stored.iter().map(known));
    Ok(all)
}

/// Finds the known people among GitHub IDs; erased people are returned by their pseudonyms.
pub async fn known(
    tx: &Tx,
    context: &Context,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, PersonIdentity>, DbError> {
    let asked: BTreeSet<i64> = github_ids.into_iter().collect();
    let mut known = reads::known(tx, asked.iter().copied()).await?;
    let unknown: Vec<i64> = asked.into_iter().filter(|id| !known.contains_key(id)).collect();
    known.extend(erased(tx, context, unknown).await?);
    Ok(known)
}

/// Finds the erased people among GitHub IDs; their activity stays under the pseudonym.
async fn erased(
    tx: &Tx,
    context: &Context,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, PersonIdentity>, DbError> {
    let subjects = github_ids.into_iter().map(|id| id.to_string()).collect();
    let found = super::erase::buried(tx, context, GITHUB, subjects).await?;
    let known = |(subject, found): (String, StoredIdentity)| {
        let known = PersonIdentity { user_id: found.user_id.into(), identity_id: found.id.into() };
        subject.parse().ok().map(|id| (id, known))
    };
    Ok(found.into_iter().filter_map(known).collect())
}

/// An account as stated, and as stored.
type KnownAccount<'a> = (&'a GithubAccount, &'a StoredAccount);

/// Returns the accounts that lose their login because GitHub states it of another one, with placeholders.
fn displaced(
    holders: Vec<StoredAccount>,
    stated: &BTreeMap<i64, GithubAccount>,
) -> Vec<(UserId, GithubAccount)> {
    let displaced = |(id, holder): (i64, StoredAccount)| {
        let seen_at = holder.login_seen_at;
        let account = GithubAccount::new(id, placeholder_login(id), AccountKind::Unknown, seen_at);
        (holder.user_id.into(), account)
    };
    let holders = by_id(holders).into_iter();
    holders.filter(|(id, _)| !stated.contains_key(id)).map(displaced).collect()
}

/// Updates accounts from GitHub's own answers.
async fn follow(
    tx: &Tx,
    known: &[KnownAccount<'_>],
    displaced: &[(UserId, GithubAccount)],
    now: Timestamp,
) -> Result<(), DbError> {
    let differs = |(account, stored): &&KnownAccount<'_>| {
        let same_kind = !is_known(account) || account.kind == stored.kind;
        let same_avatar = account.avatar_url.is_none() || account.avatar_url == stored.avatar_url;
        let same = account.login == stored.login && same_kind && same_avatar;
        !same || account.seen_at > stored.login_seen_at
    };
    let changed: Vec<_> = known
        .iter()
        .filter(differs)
        .map(|(account, stored)| (stored.user_id.into(), *account))
        .chain(displaced.iter().map(|(user_id, account)| (*user_id, account)))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    accounts::refresh(tx, &changed, now).await
}

/// Adds what is unknown about accounts.
async fn complete(tx: &Tx, known: &[KnownAccount<'_>], now: Timestamp) -> Result<(), DbError> {
    let adds = |(account, stored): &&KnownAccount<'_>| {
        let adds_avatar = stored.avatar_url.is_none() && account.avatar_url.is_some();
        let adds_kind = stored.kind == AccountKind::Unknown && is_known(account);
        adds_avatar || adds_kind
    };
    let stated: Vec<_> = known
        .iter()
        .filter(adds)
        .map(|(account, stored)| (stored.user_id.into(), *account))
        .collect();
    if stated.is_empty() {
        return Ok(());
    }
    accounts::complete(tx, &stated, now).await
}

/// Adds when accounts were created, where it is unknown. It never changes.
async fn date(tx: &Tx, known: &[KnownAccount<'_>]) -> Result<(), DbError> {
    let undated = known.iter().filter(|(_, stored)| stored.account_created_at.is_none());
    let stated: Vec<_> = undated
        .filter_map(|(account, stored)| Some((stored.identity_id.into(), account.created_at?)))
        .collect();
    if stated.is_empty() {
        return Ok(());
    }
    accounts::date(tx, &stated).await
}

/// Records the logins of new accounts, and the changed logins that GitHub itself stated.
async fn record_logins(
    tx: &Tx,
    context: &Context,
    authority: Authority,
    known: &[KnownAccount<'_>],
    newcomers: &[&GithubAccount],
    now: Timestamp,
) -> Result<(), DbError> {
    let is_new = |(account, stored): &&KnownAccount<'_>| {
        // A change of case is not a new login.
        let is_renamed = !account.login.eq_ignore_ascii_case(&stored.login);
        (authority == Authority::Github && is_renamed)
            || newcomers.iter().any(|newcomer| newcomer.github_id == account.github_id)
    };
    let names: Vec<_> = known
        .iter()
        .filter(is_new)
        .map(|(account, stored)| (stored.user_id.into(), account.login.as_str()))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    accounts::record_logins(tx, context.ids.as_ref(), &names, now).await
}

fn by_id(stored: Vec<StoredAccount>) -> BTreeMap<i64, StoredAccount> {
    let by_id = |stored: StoredAccount| stored.subject.parse().ok().map(|id| (id, stored));
    stored.into_iter().filter_map(by_id).collect()
}
