//! Judge `attacks`: tries over HTTP, and with the command line, what no outsider, no holder of one repository's webhook
//! secret and no stolen session may achieve. Each attack is named in the output; one that succeeds is a failure.

mod accounts;
mod disk;
mod flood;
mod sample_data;
mod target;
mod webhook;

use anyhow::Result;

use self::target::Target;
use super::Surroundings;
use xtask::tally::Tally;

/// Needs nothing but the program.
pub(super) fn prepare(_: &Surroundings) -> Result<()> {
    Ok(())
}

/// Attacks one server after the other.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build()?;
    sqlx::any::install_default_drivers();
    runtime.block_on(attack(around, tally))
}

/// Runs attacks one by one, and counts them.
macro_rules! attacks {
    ($tally:ident, $count:ident: $($name:literal => $attack:expr),+ $(,)?) => {
        $(
            let outcome = $attack.await;
            $tally.step(concat!("attack: ", $name), outcome);
            $count += 1;
        )+
    };
}

async fn attack(around: &Surroundings<'_>, tally: &mut Tally) -> Result<()> {
    let target = Target::start(around).await?;
    let mut count = 0_u32;
    attacks!(tally, count:
        "a delivery dated 2999 renames a known person" =>
            webhook::restates(&target, "/pull_request/user/login", "mallory"),
        "a delivery dated 2999 renames a known person to a bot's login" =>
            webhook::restates(&target, "/pull_request/user/login", "mallory[bot]"),
        "a delivery dated 2999 makes a known person a bot" =>
            webhook::restates(&target, "/pull_request/user/type", "Bot"),
        "a delivery dated 2999 takes over the login of a person who signed in, and a role granted to it" =>
            webhook::takes_over_a_login(&target),
        "a login with a line break is stored" => webhook::names(&target, "octo\ncat"),
        "a login that is a path of this server is stored" => webhook::names(&target, "/ban?x="),
        "a login that contains markup is stored" => webhook::names(&target, "<b>octocat</b>"),
        "a login of three megabytes is stored" => webhook::names(&target, &"a".repeat(3 << 20)),
        "a login of a sign-in method other than GitHub is stored" => webhook::names(&target, "boss.id"),
        "an empty login is stored" => webhook::names(&target, ""),
        "a repository takes the name and the pages of another one" => webhook::takes_a_repository(&target),
        "a repository is renamed to a path" => webhook::names_repository(&target, "octo-org/../admin"),
        "a repository is renamed to a query" => webhook::names_repository(&target, "octo-org/a?b"),
        "a pull request is dated after its receipt" => webhook::dates(&target),
        "the shared secret signs for a repository with its own webhook, without a webhook's ID" =>
            webhook::shared_secret(&target, None),
        "the shared secret signs for a repository with its own webhook, with an unknown webhook's ID" =>
            webhook::shared_secret(&target, Some(999)),
        "a repository's secret signs for another repository" => webhook::foreign_secret(&target),
        "one client that signs nothing keeps others from delivering" => flood::slow_bodies(&target),
        "an email address is requested in an old session" => accounts::requests_address(&target),
        "an email address is verified in an old session" => accounts::verifies_address(&target),
        "an email address is removed in an old session" => accounts::removes_address(&target),
        "a response stored for a session is replayed to an access token" => accounts::replays(&target),
        "metrics are read without a token" => accounts::reads_metrics(&target, None),
        "metrics are read with a wrong token" => accounts::reads_metrics(&target, Some("a wrong token of this length")),
        "`demo` fills the data directory of a live server" => sample_data::in_live_folder(&target, &["demo"]),
        "`seed --people` fills the data directory of a live server" =>
            sample_data::in_live_folder(&target, &["seed", "--people", "3"]),
        "`seed --demo` fills the data directory of a live server" =>
            sample_data::in_live_folder(&target, &["seed", "--demo"]),
        "`demo` fills the database of a live server through DATABASE_URL" =>
            sample_data::in_live_database(&target),
        "`demo` runs in production" => sample_data::in_production(&target, &["demo"]),
        "`seed --people` runs in production" => sample_data::in_production(&target, &["seed", "--people", "3"]),
        "`fake github` runs in production" => sample_data::in_production(&target, &["fake", "github"]),
        "`fake smtp` runs in production" => sample_data::in_production(&target, &["fake", "smtp"]),
        "`fake post` runs in production" => sample_data::in_production(&target, &["fake", "post"]),
        "the demo answers under another host's name, or through a proxy" => sample_data::elsewhere(&target),
        "other users of the machine read the files of a running server" => disk::live_modes(&target),
        "other users of the machine read a new installation, or its backup" => disk::fresh_modes(&target),
        "an erased person remains in the bytes of the database" => disk::erased_bytes(&target),
        "the pseudonym of an erased person is derived from public data" => disk::pseudonyms(&target),
    );
    println!("{count} attacks tried");
    target.end(around.keep)
}
