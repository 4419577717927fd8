//! GitHub accounts, as statements describe them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;

use crate::model::{AccountKind, Authority, GithubAccount, placeholder_login};

/// Leaves out a creation that GitHub itself does not state, or that cannot be one.
pub(crate) fn believed(
    account: GithubAccount,
    authority: Authority,
    now: Timestamp,
) -> GithubAccount {
    let is_possible = |at: &Timestamp| (Timestamp::UNIX_EPOCH..=now).contains(at);
    let created_at = account.created_at.filter(is_possible);
    GithubAccount { created_at: created_at.filter(|_| authority == Authority::Github), ..account }
}

pub(crate) fn is_known(account: &GithubAccount) -> bool {
    account.kind != AccountKind::Unknown
}

/// Keeps the newest payload of each account, with what only older ones state; ties are broken by content.
pub(crate) fn newest(
    seen: impl IntoIterator<Item = GithubAccount>,
) -> BTreeMap<i64, GithubAccount> {
    let mut seen: Vec<GithubAccount> = seen.into_iter().collect();
    seen.sort_by(|a, b| age(b).cmp(&age(a)));
    let mut newest: BTreeMap<i64, GithubAccount> = BTreeMap::new();
    for account in seen {
        let Some(newer) = newest.get_mut(&account.github_id) else {
            newest.insert(account.github_id, account);
            continue;
        };
        if !is_known(newer) {
            newer.kind = account.kind;
        }
        newer.avatar_url = newer.avatar_url.take().or(account.avatar_url);
        newer.created_at = newer.created_at.or(account.created_at);
    }
    newest
}

/// Gives each login to one account: to the newest that GitHub itself states, else to the first that a delivery named, unless another
/// account is known by it. The other accounts get a placeholder.
pub(crate) fn let_own_logins<'a>(
    stated: impl IntoIterator<Item = &'a mut GithubAccount>,
    authority: Authority,
    mut taken: BTreeSet<String>,
) {
    let mut stated: Vec<_> = stated.into_iter().collect();
    stated.sort_by(|a, b| age(a).cmp(&age(b)).then(a.github_id.cmp(&b.github_id)));
    if authority == Authority::Github {
        stated.reverse();
    }
    for account in stated {
        if !taken.insert(account.login.to_ascii_lowercase()) {
            account.login = placeholder_login(account.github_id);
        }
    }
}

fn age(account: &GithubAccount) -> (Timestamp, &str, &str, Option<&str>) {
    let GithubAccount { seen_at, login, kind, avatar_url, .. } = account;
    (*seen_at, login, kind.as_str(), avatar_url.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(second: i64, kind: AccountKind, avatar_url: Option<&str>) -> GithubAccount {
        GithubAccount {
            github_id: 7,
            login: format!("wren-{second}"),
            kind,
            avatar_url: avatar_url.map(str::to_owned),
            created_at: None,
            seen_at: instant(1_790_000_000 + second),
        }
    }

    fn instant(second: i64) -> Timestamp {
        Timestamp::from_timestamp(second, 0).expect("an instant")
    }

    #[test]
    fn a_partial_payload_removes_nothing_that_an_older_one_states() {
        let old = GithubAccount {
            created_at: Some(instant(1_500_000_000)),
            ..stated(1, AccountKind::Bot, Some("https://avatars.example/1"))
        };
        let partial = stated(9, AccountKind::Unknown, None);
        let expected =
            GithubAccount { login: partial.login.clone(), seen_at: partial.seen_at, ..old.clone() };
        for seen in [[old.clone(), partial.clone()], [partial, old]] {
            assert_eq!(newest(seen).remove(&7), Some(expected.clone()));
        }
        let newer = stated(9, AccountKind::User, None);
        let seen = [newer, stated(1, AccountKind::Bot, None)];
        assert_eq!(newest(seen)[&7].kind, AccountKind::User);
    }

    #[test]
    fn a_login_belongs_to_one_account() {
        let account = |github_id: i64, login: &str, second: i64| GithubAccount {
            github_id,
            login: login.to_owned(),
            ..stated(second, AccountKind::User, None)
        };
        // The accounts with logins and seconds, the logins that are taken, and who gets which login.
        type Case<'a> = (Authority, &'a [(i64, &'a str, i64)], &'a [&'a str], &'a [&'a str]);
        let cases: &[Case<'_>] = &[
            (Authority::Delivery, &[(1, "wren", 2), (2, "Wren", 1)], &[], &["1.github", "Wren"]),
            (Authority::Delivery, &[(1, "wren", 1), (2, "Wren", 1)], &[], &["1.github", "Wren"]),
            (
                Authority::Delivery,
                &[(1, "Wren", 1), (2, "rook", 1)],
                &["wren"],
                &["1.github", "rook"],
            ),
            (Authority::Github, &[(1, "wren", 2), (2, "Wren", 1)], &[], &["wren", "2.github"]),
        ];
        for (authority, given, taken, expected) in cases {
            let given = given.iter().map(|(id, login, second)| account(*id, login, *second));
            let mut given: Vec<_> = given.collect();
            let taken = taken.iter().map(|login| (*login).to_owned()).collect();
            let_own_logins(&mut given, *authority, taken);
            let logins: Vec<_> = given.iter().map(|account| account.login.as_str()).collect();
            assert_eq!(&logins, expected);
        }
    }

    #[test]
    fn only_github_states_when_it_created_an_account() {
        let now = instant(1_790_000_000);
        for (second, authority, expected) in [
            (1_500_000_000, Authority::Github, Some(1_500_000_000)),
            (1_790_000_000, Authority::Github, Some(1_790_000_000)),
            (1_790_000_001, Authority::Github, None),
            (-1, Authority::Github, None),
            (1_500_000_000, Authority::Delivery, None),
        ] {
            let account = GithubAccount {
                created_at: Some(instant(second)),
                ..stated(0, AccountKind::User, None)
            };
            let believed = believed(account, authority, now).created_at;
            assert_eq!(believed, expected.map(instant), "{second} {authority:?}");
        }
    }
}
