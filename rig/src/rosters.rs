//! Coaches, their rosters, and syncs of these with the game platform.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use sqlx::AnyPool;
use xtask::process::Daemon;

use crate::{
    fake_github::{Github, SESSION},
    game_platform::OFF,
    http::{Answer, Connection, path_of, request, with_cookies},
    installation::Installation,
};

const ADMIN: &str = "guiding-gia";
const SECRET: &str = "a sync secret for this run only";
/// The most rows of an import.
const ROWS: u32 = 500;

/// Returns settings with which only [`trigger`] starts full syncs, as fast as the platform answers.
pub(crate) fn settings() -> [(&'static str, String); 3] {
    [
        ("INTERNAL_SYNC_SECRET", SECRET),
        ("GAME_PLATFORM_REQUESTS_PER_MINUTE", "60000"),
        ("GAME_PLATFORM_SYNC_INTERVAL_HOURS", "0"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
}

/// Triggers a sync of everyone at the server at `port`, and waits for its answer.
pub(crate) async fn trigger(port: u16) -> Result<Answer> {
    let secret = [("x-internal-sync-secret", SECRET)];
    request(port, "POST", "/api/internal/sync", &secret, None).await
}

/// Returns the number of calls that the last run made.
pub(crate) async fn last_calls(pool: &AnyPool) -> Result<u64> {
    let sql = "SELECT calls FROM game_platform_sync_runs ORDER BY id DESC LIMIT 1";
    let calls: i64 = sqlx::query_scalar(sql).fetch_one(pool).await?;
    Ok(calls.unsigned_abs())
}

/// Waits until the server at `port` follows the flag, which it does within five seconds: the page of a roster then says no longer
/// that the platform is off.
pub(crate) async fn until_on(port: u16, (page, coach): (&str, &str)) -> Result<()> {
    let cookie = format!("{SESSION}={coach}");
    for _ in 0..100 {
        let shown = with_cookies(port, page, &cookie).await?;
        ensure!(shown.status == 200, "{page} was answered {}", shown.status);
        if !shown.text().contains(OFF) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the flag is on, but the server at {port} does not follow it")
}

/// A simulated mail server, which prints what it receives into the folder of the installation.
pub(crate) struct Mailbox {
    log: PathBuf,
    _daemon: Daemon,
}

impl Mailbox {
    /// Starts it, and lets the installation send through it.
    pub(crate) fn start(installation: &mut Installation) -> Result<Self> {
        let (mailbox, port) = Self::beside(installation)?;
        installation.mail = Some(port);
        Ok(mailbox)
    }

    /// Starts it beside an installation that does not know it; returns its port, too.
    pub(crate) fn beside(installation: &Installation) -> Result<(Self, u16)> {
        let (port, daemon) = installation.fake("smtp")?;
        Ok((Self { log: installation.data.join("smtp.log"), _daemon: daemon }, port))
    }

    /// Waits for an email to an address that has a link with a token; returns the token.
    pub(crate) async fn token(&self, address: &str) -> Result<String> {
        for _ in 0..300 {
            let text = fs::read_to_string(&self.log)?;
            // Long lines end with `=` in quoted-printable text, where `=3D` is the sign itself.
            let text = text.replace("\r\n", "\n").replace("=\n", "").replace("=3D", "=");
            let mail = text.rfind(address).and_then(|at| text.get(at..));
            let token = mail.and_then(|mail| mail.split("verify?token=").nth(1));
            if let Some(token) = token {
                let is_part =
                    |symbol: char| symbol.is_ascii_alphanumeric() || symbol == '_' || symbol == '-';
                return Ok(token.chars().take_while(|symbol| is_part(*symbol)).collect());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("no email with a link was sent to {address}")
    }
}

/// The pages of a server, for those who manage rosters.
pub(crate) struct AdminPages<'a> {
    github: &'a Github,
    mailbox: &'a Mailbox,
    port: u16,
    /// The admin's session.
    admin: String,
}

impl<'a> AdminPages<'a> {
    /// Signs in an admin.
    pub(crate) async fn open(
        installation: &Installation,
        (github, mailbox): (&'a Github, &'a Mailbox),
        port: u16,
    ) -> Result<Self> {
        github.join(ADMIN).await?;
        let admin = github.sign_in(port, ADMIN).await?;
        installation.quietly(&["user", "grant", ADMIN, "--role", "admin"])?;
        Ok(Self { github, mailbox, port, admin })
    }

    /// Invites a person, who becomes a coach with a verified address; returns their session.
    pub(crate) async fn coach(&self, login: &str) -> Result<String> {
        self.github.join(login).await?;
        let invited = self.submit(&self.admin, "/admin/ctf", &[("email", "")]).await?;
        let page = invited.text();
        let link = page.split("<code class=\"id\">").nth(1);
        let link = link.and_then(|rest| rest.split('<').next());
        let link = path_of(link.context("the page shows no invitation")?).to_owned();
        let coach = self.github.sign_in(self.port, login).await?;
        let details =
            [("school", "Lantern High"), ("division", "high_school"), ("region", "Texas")];
        self.submit(&coach, &link, &details).await?;
        let address = format!("{login}@lantern.example");
        let fields = [("address", address.as_str())];
        self.submit(&coach, "/settings/email", &fields).await?;
        let token = self.mailbox.token(&address).await?;
        let fields = [("token", token.as_str())];
        self.submit(&coach, "/settings/email/verify", &fields).await?;
        Ok(coach)
    }

    /// Creates a roster and imports its competitors, as a coach; returns its page.
    pub(crate) async fn roster(&self, coach: &str, name: &str, competitors: u32) -> Result<String> {
        let fields = [
            ("name", name),
            ("school", "Lantern High"),
            ("school_year", "2026/27"),
            ("timezone", "America/Chicago"),
        ];
        let created = self.submit(coach, "/ctf/rosters/new", &fields).await?;
        let address = created.header("location").context("no roster was created")?;
        // A new roster opens with its settings, where the join link is.
        let page = path_of(address).split("/settings").next();
        let page = page.unwrap_or(address).to_owned();
        let mut imported = 0;
        while imported < competitors {
            let count = ROWS.min(competitors - imported);
            let rows = rows(imported..imported + count);
            let import = format!("{page}/competitors/import");
            let review = self.submit(coach, &import, &[("rows", rows.as_str())]).await?.text();
            let shown = review.split("name=\"shown\" value=\"").nth(1);
            let shown = shown.and_then(|rest| rest.split('"').next());
            let shown = shown.context("no review was shown")?;
            let fields = [("rows", rows.as_str()), ("step", "import"), ("shown", shown)];
            self.submit(coach, &import, &fields).await?;
            imported += count;
        }
        Ok(page)
    }

    /// Submits a form of a page.
    async fn submit(&self, session: &str, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let (port, body) = (self.port, serde_urlencoded::to_string(fields)?);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {SESSION}={session}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = Connection::open(port).await?.send(head.as_bytes()).await?;
        ensure!(answer.status < 400, "{path} was answered {}: {}", answer.status, answer.text());
        Ok(answer)
    }
}

/// Returns a file of competitors who are of age.
fn rows(numbers: std::ops::Range<u32>) -> String {
    let head = "first_name,last_name,email_school,is_18_or_over,grade\n".to_owned();
    let row = |number: u32| format!("Ada,Ember{number},ada{number}@lantern.example,yes,12\n");
    numbers.map(row).fold(head, |all, row| all + &row)
}
