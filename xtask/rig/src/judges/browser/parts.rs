//! Pages of signed-in people, by role.

use anyhow::Result;

use super::Eye;

/// Checks the pages of each of the demo's people; returns the complaints.
pub(super) async fn look(eye: &mut Eye<'_, '_>) -> Result<Vec<String>> {
    let mut complaints = eye.look_at_all("anybody", &owned(ANYBODY)).await?;
    for (part, pages) in [
        ("contributor", CONTRIBUTOR),
        ("maintainer", &["/"]),
        ("moderator", &["/", "/admin/people"]),
        ("admin", ADMIN),
    ] {
        sign_in(eye, part).await?;
        let mut pages = owned(pages);
        if part == "contributor" {
            pages.push(
                eye.driver
                    .path_of(".stats a, main a[href^='/people/']")
                    .await?,
            );
        }
        if part == "maintainer" {
            let maintainers = eye.driver.path_of("main a[href$='/maintainers']").await?;
            for page in ["repositories", "rules/edit", "edit"] {
                pages.push(maintainers.replace("maintainers", page));
            }
            pages.push(maintainers);
        }
        if matches!(part, "moderator" | "admin") {
            eye.open("/admin/people").await?;
            let person = "tbody th a[href^='/admin/people/']";
            pages.push(eye.driver.path_of(person).await?);
        }
        if part == "admin" {
            eye.open("/projects").await?;
            let project = eye.driver.path_of("main h2 a[href^='/projects/']").await?;
            for page in ["repositories", "edit", "archive"] {
                pages.push(format!("{project}/{page}"));
            }
            eye.open(&format!("{project}/repositories")).await?;
            pages.push(eye.driver.path_of("main a[href$='/remove']").await?);
            eye.open("/admin/overview").await?;
            eye.driver.says("#deliveries", "Failed deliveries").await?;
            eye.driver.says("#jobs", "Failed jobs").await?;
            // Verify the ledger, so that its page shows a result.
            eye.open("/admin/ledger").await?;
            eye.driver
                .click("form[action='/admin/ledger/verify'] button")
                .await?;
            // The form redirects back; opening another page earlier would interrupt that.
            eye.driver.says("[aria-label='Checks']", "State").await?;
            for state in ["done", "dead"] {
                eye.open(&format!("/admin/deliveries?state={state}"))
                    .await?;
                pages.push(eye.driver.path_of("tbody th a").await?);
            }
        }
        complaints.extend(eye.look_at_all(part, &pages).await?);
        eye.open("/settings/sessions").await?;
        eye.driver
            .click("main form[action='/sign-out'] button")
            .await?;
        eye.driver.says(".account", "Sign in").await?;
    }
    Ok(complaints)
}

const ANYBODY: &[&str] = &[
    "/projects?archived=true",
    "/search",
    "/search?q=a",
    "/search?q=unknown-login",
    "/leaderboards?around=unknown-login",
    "/sign-in",
    "/sign-in/email",
    "/sign-in/email/x",
];

const CONTRIBUTOR: &[&str] = &[
    "/",
    "/leaderboards",
    "/inbox",
    "/inbox?show=unread",
    "/settings/sessions",
    "/settings/tokens",
    "/settings/email",
    "/settings/email/verify?token=x",
    "/settings/notifications",
    "/settings/identities",
    "/settings/account",
    "/dev/mail",
    "/sign-in",
    "/admin/deliveries",
    "/nothing/here",
];

const ADMIN: &[&str] = &[
    "/",
    "/admin/overview",
    "/admin/deliveries",
    "/admin/deliveries?state=dead",
    "/admin/deliveries?event=nothing.such",
    "/admin/people",
    "/admin/people?login=unknown-login",
    "/admin/ledger",
    "/admin/flags",
    "/admin/health",
    "/admin/settings",
    "/admin/jobs",
    "/admin/notifications",
    "/admin/notifications?state=dead",
    "/admin/notifications?person=unknown-login",
    "/admin/jobs/LedgerVerification",
    "/admin/audit",
    "/admin/audit?actor=unknown-login",
];

fn owned(pages: &[&str]) -> Vec<String> {
    pages.iter().map(|page| (*page).to_owned()).collect()
}

async fn sign_in(eye: &mut Eye<'_, '_>, part: &str) -> Result<()> {
    eye.open("/sign-in").await?;
    let button = format!("button[value='{part}']");
    eye.driver.click(&button).await?;
    eye.driver.text(".account .avatar").await?;
    Ok(())
}
