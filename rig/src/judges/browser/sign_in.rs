//! Signing in with GitHub, in a real browser with a fake GitHub: what must work, and what must be refused. Each case
//! checks who is signed in afterwards.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use super::{driver::Driver, folder};
use crate::{
    fake_github::{ATTEMPT, BEGIN, Github, SESSION},
    http::{path_of, with_cookies},
    installation::{Installation, Serving},
    judges::Surroundings,
};
use xtask::fetch;

/// Runs every case; complaints describe the differences.
pub(super) async fn judge(around: &Surroundings<'_>, binary: &Path) -> Result<()> {
    let mut installation =
        Installation::fresh(binary.to_owned(), folder(around).join("sign-in"), None)?;
    let github = Github::start(&installation).await?;
    installation.github = Some(github.port);
    let serving = installation.serve(&["--no-jobs"]).await?;
    serving.found(&installation).await?;
    let (browser, driver) = fetch::browser_or_install(false)?;
    let driver = Driver::start(&driver, &browser, &installation.data.join("profile")).await?;
    let mut scene = Scene { driver, serving, github, installation };
    let complaints = scene.rows(around).await;
    scene.driver.end().await?;
    drop(scene.serving);
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    std::fs::remove_dir_all(&scene.installation.data)?;
    Ok(())
}

struct Scene {
    driver: Driver,
    serving: Serving,
    github: Github,
    installation: Installation,
}

/// Runs each case in a browser without cookies.
macro_rules! rows {
    ($around:ident, $scene:ident: $($row:ident),+ $(,)?) => {{
        let mut complaints = Vec::new();
        $(
            if let Err(error) = async { $scene.forget().await?; $scene.$row().await }.await {
                complaints.push(format!("{}: {error:#}", stringify!($row)));
            }
            $around.count("cases of signing in", 1);
        )+
        complaints
    }};
}

impl Scene {
    async fn rows(&mut self, around: &Surroundings<'_>) -> Vec<String> {
        rows!(around, self:
            sign_in_returns_to_the_page,
            declining_leaves_people_signed_out,
            a_changed_state,
            a_replayed_code,
            a_callback_of_another_browser,
            other_sites_are_not_redirected_to,
            a_planted_session,
            a_revoked_token,
            a_renamed_login,
            a_deleted_account,
        )
    }

    async fn sign_in_returns_to_the_page(&mut self) -> Result<()> {
        let login = self.github.people[0].clone();
        self.open("/leaderboards").await?;
        self.driver.click(".signin").await?;
        self.driver.click("a[href^='/sign-in/github']").await?;
        self.choose(&login).await?;
        self.is_at("/leaderboards").await?;
        let seen = self.driver.wait_for("arguments[0](document.cookie)").await?;
        ensure!(seen == "", "scripts read the cookies {seen}");
        self.is(Some(&login)).await?;
        self.open("/settings/sessions").await?;
        self.driver.click("main form[action='/sign-out'] button").await?;
        // Opening a page earlier would interrupt that.
        self.driver.says(".signin", "Sign in").await?;
        self.is(None).await
    }

    async fn declining_leaves_people_signed_out(&mut self) -> Result<()> {
        self.open(BEGIN).await?;
        self.driver.click("#cancel").await?;
        self.refuses("SIGN_IN_DECLINED").await
    }

    async fn a_changed_state(&mut self) -> Result<()> {
        let back = self.callback().await?;
        self.open(&format!("{back}0")).await?;
        self.refuses("SIGN_IN_NOT_BEGUN_HERE").await?;
        self.open(&back).await?;
        self.refuses("SIGN_IN_NOT_BEGUN_HERE").await
    }

    async fn a_replayed_code(&mut self) -> Result<()> {
        let login = self.github.people[0].clone();
        let back = self.callback().await?;
        self.open("/").await?;
        let attempt = self.driver.cookie(ATTEMPT).await?;
        self.open(&back).await?;
        self.is(Some(&login)).await?;
        self.forget().await?;
        self.open(&back).await?;
        self.refuses("SIGN_IN_NOT_BEGUN_HERE").await?;
        self.driver.set_cookie(ATTEMPT, &attempt).await?;
        self.open(&back).await?;
        self.refuses("SIGN_IN_USED").await
    }

    /// An attacker sends a person the callback of the attacker's own sign-in.
    async fn a_callback_of_another_browser(&mut self) -> Result<()> {
        let (back, _) = self.callback_elsewhere().await?;
        self.open(BEGIN).await?;
        self.open(&back).await?;
        self.refuses("SIGN_IN_NOT_BEGUN_HERE").await
    }

    async fn other_sites_are_not_redirected_to(&mut self) -> Result<()> {
        let login = self.github.people[0].clone();
        for evil in
            ["//evil.example/", "https://evil.example/", "/%5Cevil.example", "%09//evil.example"]
        {
            self.forget().await?;
            self.open(&format!("/sign-in?return={evil}")).await?;
            self.driver.click("a[href^='/sign-in/github']").await?;
            self.choose(&login).await?;
            self.is_at("/").await?;
            self.forget().await?;
            self.open(&format!("{BEGIN}?return={evil}")).await?;
            self.choose(&login).await?;
            self.is_at("/").await?;
        }
        Ok(())
    }

    /// An attacker sets a known session in a person's browser: the attacker's own or an invented one.
    async fn a_planted_session(&mut self) -> Result<()> {
        let [person, other] = self.github.people.clone();
        let (back, attempt) = self.callback_elsewhere().await?;
        let port = self.serving.port;
        let came = with_cookies(port, &back, &attempt).await?;
        let theirs = came.cookie(SESSION)?;
        for planted in [theirs, "A".repeat(43)] {
            self.driver.set_cookie(SESSION, &planted).await?;
            self.open(BEGIN).await?;
            self.choose(&person).await?;
            let own = self.driver.cookie(SESSION).await?;
            ensure!(own != planted, "the planted session is the person's now");
            self.is(Some(&person)).await?;
            let me = with_cookies(port, "/api/v1/me", &format!("{SESSION}={planted}")).await?;
            ensure!(
                me.status == 401,
                "the planted session is answered {} after {person} signed in over {other}",
                me.status
            );
        }
        Ok(())
    }

    async fn a_revoked_token(&mut self) -> Result<()> {
        self.github.change("/_switches", &json!({ "dead_tokens": true })).await?;
        let login = self.github.people[0].clone();
        self.open(BEGIN).await?;
        self.choose(&login).await?;
        self.github.change("/_switches", &json!({ "dead_tokens": false })).await?;
        self.refuses("GITHUB_TOKEN_REVOKED").await
    }

    async fn a_renamed_login(&mut self) -> Result<()> {
        let former = self.github.people[0].clone();
        let renamed = format!("{former}-renamed");
        let id = self.sign_in(&former).await?;
        self.github.change(&format!("/_people/{former}"), &json!({ "login": renamed })).await?;
        self.github.people[0].clone_from(&renamed);
        self.forget().await?;
        let same = self.sign_in(&renamed).await?;
        ensure!(same == id, "{former} is {id}, {renamed} is {same}");
        self.is(Some(&renamed)).await?;
        self.open(&format!("/people/{renamed}")).await?;
        self.driver.says(".profile-head", &renamed).await
    }

    async fn a_deleted_account(&mut self) -> Result<()> {
        let login = self.github.people[0].clone();
        self.sign_in(&login).await?;
        sqlx::any::install_default_drivers();
        let pool = AnyPool::connect(&self.installation.database_url()).await?;
        let deleted = sqlx::query("UPDATE users SET is_deleted = true WHERE login = $1");
        deleted.bind(&login).execute(&pool).await?;
        pool.close().await;
        self.is(None).await?;
        self.open(BEGIN).await?;
        self.choose(&login).await?;
        self.refuses("ACCOUNT_DELETED").await
    }

    async fn open(&mut self, path: &str) -> Result<()> {
        let address = format!("http://127.0.0.1:{}{path}", self.serving.port);
        self.driver.open(&address).await
    }

    /// Deletes the browser's cookies.
    async fn forget(&mut self) -> Result<()> {
        self.open("/livez").await?;
        self.driver.forget_cookies().await
    }

    /// Chooses an account at the fake GitHub.
    async fn choose(&mut self, login: &str) -> Result<()> {
        self.driver.click(&format!("li a[href$='login={login}']")).await
    }

    /// Signs in and returns the person's ID.
    async fn sign_in(&mut self, login: &str) -> Result<String> {
        self.open(BEGIN).await?;
        self.choose(login).await?;
        let session = self.driver.cookie(SESSION).await?;
        let cookies = format!("{SESSION}={session}");
        let me = with_cookies(self.serving.port, "/api/v1/me", &cookies).await?;
        let me: Value = serde_json::from_slice(&me.body)?;
        Ok(me["id"].as_str().context("no person is signed in")?.to_owned())
    }

    /// Starts a sign-in and returns the callback path for the first person.
    async fn callback(&mut self) -> Result<String> {
        self.open(BEGIN).await?;
        let login = self.github.people[0].clone();
        let link = format!("li a[href$='login={login}']");
        let link = self.driver.path_of(&link).await?;
        self.github.back_from(&link).await
    }

    /// Starts a sign-in of the second person in another browser; returns the callback path and that browser's cookie.
    async fn callback_elsewhere(&mut self) -> Result<(String, String)> {
        let begun = with_cookies(self.serving.port, BEGIN, "").await?;
        let attempt = format!("{ATTEMPT}={}", begun.cookie(ATTEMPT)?);
        let to = begun.header("location").context("the server sent no request to GitHub")?;
        let link = format!("{}&login={}", path_of(to), self.github.people[1]);
        Ok((self.github.back_from(&link).await?, attempt))
    }

    /// Checks the path of the open page.
    async fn is_at(&mut self, path: &str) -> Result<()> {
        let wanted = format!("http://127.0.0.1:{}{path}", self.serving.port);
        let address = self.driver.address().await?;
        ensure!(address == wanted, "{address} is open, not {wanted}");
        Ok(())
    }

    /// Checks that the open page shows this error code and that no one is signed in.
    async fn refuses(&mut self, code: &str) -> Result<()> {
        self.driver.click("main details summary").await?;
        self.driver.says("dl.facts", code).await?;
        self.is(None).await
    }

    /// Checks who is signed in; `None` for no one.
    async fn is(&mut self, login: Option<&str>) -> Result<()> {
        self.open("/sign-in").await?;
        match login {
            Some(login) => self.driver.says("h2", &format!("You are signed in as {login}")).await,
            None => self.driver.says(".signin", "Sign in").await,
        }
    }
}
