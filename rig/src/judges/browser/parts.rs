//! Pages of signed-in people, by role.

use anyhow::Result;

use super::Eye;
use crate::{deliveries::send_unreadable, installation::SECRET};

/// Checks the pages of each of the demo's people; returns the complaints.
pub(super) async fn look(eye: &mut Eye<'_, '_>) -> Result<Vec<String>> {
    let mut anybody = owned(ANYBODY);
    eye.open("/discover").await?;
    anybody.push(eye.driver.path_of(".titles h3 a").await?);
    eye.open("/discover/repositories").await?;
    anybody.push(eye.driver.path_of("tbody th a").await?);
    let mut complaints = eye.look_at_all("anybody", &anybody).await?;
    // The list of maintainers of the project that the maintainer manages, which has no owner.
    let mut maintained = None;
    for (part, pages) in [
        ("contributor", CONTRIBUTOR),
        ("maintainer", &["/", "/reviews"]),
        ("moderator", &["/", "/admin/people"]),
        ("coach", COACH),
        ("organizer", ORGANIZER),
        ("admin", ADMIN),
    ] {
        sign_in(eye, part).await?;
        let mut pages = owned(pages);
        if part == "contributor" {
            pages.push(eye.driver.path_of(".stats a, main a[href^='/people/']").await?);
            send_request(eye).await?;
        }
        if part == "maintainer" {
            eye.open("/reviews").await?;
            let maintainers = eye.driver.path_of("main a[href$='/maintainers']").await?;
            let managed = [
                "repositories",
                "repositories/new",
                "rules/edit",
                "edit",
                "analytics",
                "analytics?from=2020-01-01&to=2020-01-31",
                "contributors",
                "contributors?login=unknown-login",
            ];
            for page in managed {
                pages.push(maintainers.replace("maintainers", page));
            }
            let queue = maintainers.replace("maintainers", "reviews");
            eye.open(&queue).await?;
            let reviewed = "tbody th a[href^='/pull-requests/']";
            pages.push(eye.driver.path_of(reviewed).await?);
            maintained = Some(maintainers.clone());
            pages.extend([queue, maintainers]);
        }
        if part == "coach" {
            pages.extend(roster_pages(eye).await?);
        }
        if part == "contributor" {
            eye.open("/projects").await?;
            let project = eye.driver.path_of("main h2 a[href^='/projects/']").await?;
            eye.open(&project).await?;
            let report = "main a[href^='/reports/new']";
            pages.push(eye.driver.path_of(report).await?);
        }
        if matches!(part, "moderator" | "admin") {
            eye.open("/admin/people").await?;
            let person = "tbody th a[href^='/admin/people/']";
            pages.push(eye.driver.path_of(person).await?);
        }
        if part == "admin" {
            pages.extend(platform_pages(eye).await?);
            eye.open("/projects").await?;
            let project = eye.driver.path_of("main h2 a[href^='/projects/']").await?;
            for page in ["repositories", "repositories/new", "edit", "archive"] {
                pages.push(format!("{project}/{page}"));
            }
            eye.open(&format!("{project}/repositories")).await?;
            let exclusion = "main a[href^='/admin/fair-play/repositories/']";
            pages.push(eye.driver.path_of(exclusion).await?);
            pages.push(eye.driver.path_of("main a[href$='/remove']").await?);
            if let Some(maintainers) = &maintained {
                eye.open(maintainers).await?;
                pages.push(eye.driver.path_of("main a[href$='/transfer']").await?);
            }
            eye.open("/leaderboards/months").await?;
            let month = eye.driver.path_of("main .items a").await?;
            pages.extend([format!("{month}/finalize"), month]);
            // In the demo, nothing fails.
            send_unreadable(eye.port, SECRET, "harbor/forge").await?;
            eye.open("/admin/deliveries?state=dead").await?;
            eye.driver.reloads_until("main", "Pull request opened").await?;
            eye.open("/admin/overview").await?;
            eye.driver.says("#deliveries", "Failed deliveries").await?;
            // Verify the ledger, so that its page shows a result.
            eye.open("/admin/ledger").await?;
            eye.driver.click("form[action='/admin/ledger/verify'] button").await?;
            // The form redirects back; opening another page earlier would interrupt that.
            eye.driver.says("[aria-label='Checks']", "State").await?;
            for state in ["done", "dead"] {
                eye.open(&format!("/admin/deliveries?state={state}")).await?;
                pages.push(eye.driver.path_of("tbody th a").await?);
            }
        }
        complaints.extend(eye.look_at_all(part, &pages).await?);
        eye.open("/settings/sessions").await?;
        eye.driver.click("main form[action='/sign-out'] button").await?;
        eye.driver.says(".signin", "Sign in").await?;
    }
    Ok(complaints)
}

/// Sends a request from the documentation of the API; one that changes data is asked about first.
async fn send_request(eye: &mut Eye<'_, '_>) -> Result<()> {
    eye.open("/docs/api/your-account").await?;
    // The form of the first operation is open.
    for (operation, is_open, place, words) in [
        ("get_me", true, ".samples", "200"),
        ("mark_all_notifications_read", false, "[role=status]", "Send it?"),
    ] {
        let form = format!("#{operation} .try-it");
        eye.driver.says(&format!("{form} summary"), "Try it").await?;
        if !is_open {
            eye.driver.click(&format!("{form} summary")).await?;
        }
        eye.driver.click(&format!("{form} button")).await?;
        eye.driver.says(&format!("{form} {place}"), words).await?;
    }
    Ok(())
}

/// Returns the pages of the coach's roster, of a competitor and of a team.
async fn roster_pages(eye: &mut Eye<'_, '_>) -> Result<Vec<String>> {
    eye.open("/ctf").await?;
    let roster = eye.driver.path_of("tbody th a").await?;
    let own = [
        "?days=7",
        "?days=90&alert=inactive",
        "?from=2020-01-01&to=2020-01-31",
        "/comparison",
        "/competitors",
        "/competitors?q=unknown-name",
        "/competitors/new",
        "/competitors/import",
        "/teams",
        "/coaches",
        "/settings",
        "/new-year",
        "/archive",
    ];
    let mut pages: Vec<String> = own.iter().map(|page| format!("{roster}{page}")).collect();
    eye.open(&roster).await?;
    let competitor = eye.driver.path_of("#roster tbody th a").await?;
    pages.extend([
        format!("{competitor}/profile"),
        format!("{competitor}/profile/erase"),
        competitor,
    ]);
    eye.open(&format!("{roster}/teams")).await?;
    pages.push(eye.driver.path_of("main a[href^='/ctf/teams/']").await?);
    pages.push(roster);
    Ok(pages)
}

/// Returns the page of a sync, after a comparison with the game platform.
async fn platform_pages(eye: &mut Eye<'_, '_>) -> Result<Vec<String>> {
    eye.open("/admin/game-platform/reconciliation").await?;
    let compare = "form[action='/admin/game-platform/reconciliation'] button";
    eye.driver.click(compare).await?;
    eye.driver.reloads_until("main", "Ended").await?;
    eye.open("/admin/game-platform").await?;
    let run = eye.driver.path_of("tbody th a").await?;
    Ok(vec![run])
}

const COACH: &[&str] = &["/", "/ctf", "/ctf/me", "/ctf/rosters/new", "/ctf/links/unknown"];

const ORGANIZER: &[&str] = &[
    "/hackathons",
    "/hackathons/new",
    "/hackathons/low-tide-hack",
    "/hackathons/low-tide-hack/edit",
    "/hackathons/low-tide-hack/applications",
    "/hackathons/low-tide-hack/applications?status=waitlisted",
    "/hackathons/low-tide-hack/applications?status=rejected",
    "/hackathons/low-tide-hack/staff",
    "/hackathon-invitations/unknown",
    "/hackathons/low-tide-hack/results",
    "/hackathons/low-tide-hack/cancel",
    "/hackathons/lighthouse-days/teams",
    "/hackathons/lighthouse-days/team",
    "/hackathons/low-tide-hack/announcements",
    "/hackathons/lighthouse-days/board",
    "/hackathons/lighthouse-days/board/export",
    "/hackathons/lighthouse-days/teams/gannet/board",
    "/hackathons/lighthouse-days/help",
    "/hackathons/lighthouse-days/help-queue",
    "/hackathons/lighthouse-days/check-in",
    "/hackathons/low-tide-hack/check-in",
    "/hackathons/low-tide-hack/prizes",
    "/hackathons/low-tide-hack/surveys/participants",
    "/hackathons/low-tide-hack/surveys/judges/results",
    "/hackathons/lighthouse-days/submissions",
    "/hackathons/lighthouse-days/judging/setup",
    "/hackathons/lighthouse-days/judging/coverage",
    "/hackathons/lighthouse-days/judging/results",
    "/hackathons/lighthouse-days/judging/rounds",
    "/hackathons/lighthouse-days/tracks",
    "/hackathons/harbor-lights/staff",
    "/hackathons/harbor-lights/staff/piet-anchor/tracks",
    "/hackathons/harbor-lights/judging/coverage",
    "/hackathons/neap-tide-hack/judging/results",
    "/hackathons/neap-tide-hack/judging/rounds",
    "/hackathons/winter-swell-hack",
    "/hackathons/storm-surge-hack",
    "/hackathons/spring-tide-hack/submissions",
    "/hackathons/spring-tide-hack/judging/coverage",
    "/hackathons/spring-tide-hack/prizes/harbor-prize",
    "/hackathons/spring-tide-hack/prize-awards",
    "/hackathons/spring-tide-hack/archive",
];

const ANYBODY: &[&str] = &[
    "/docs/api/people",
    "/docs/api?q=claim",
    "/docs/api?q=unknown-operation",
    "/discover",
    "/discover?q=cheksum+error",
    "/discover?sort=trending",
    "/discover?language=Rust&level=hard&hours=short",
    "/discover/repositories",
    "/discover/repositories?q=nowhere",
    "/hackathons",
    "/hackathons/low-tide-hack",
    "/hackathons/lighthouse-days",
    "/hackathons/spring-tide-hack",
    "/hackathons/spring-tide-hack/projects",
    "/hackathons/spring-tide-hack/judging/results",
    "/hackathons/fog-signal-jam/judging/results",
    "/guides/be-found",
    "/guides/first-issue",
    "/guides/hackathon-judges",
    "/guides/hackathon-organizers",
    "/guides/hackathon-participants",
    "/guides/rewards",
    "/guides/running-a-server",
    "/guides/webhooks",
    "/rewards",
    "/rewards/hosting-voucher",
    "/projects?archived=true",
    "/seasons",
    "/seasons/demo",
    "/seasons/demo/results",
    "/seasons/warm-up",
    "/seasons/warm-up/results",
    "/seasons/warm-up/report",
    "/leaderboards/seasons/demo",
    "/search",
    "/search?q=a",
    "/search?q=unknown-login",
    "/leaderboards?around=unknown-login",
    "/sign-in",
    "/sign-in/email",
    "/sign-in/email/x",
    "/sign-in/email/x/not-me",
];

const CONTRIBUTOR: &[&str] = &[
    "/",
    "/docs/api/discovery",
    "/hackathons/low-tide-hack/apply",
    "/hackathon-calendar",
    "/hackathons/spring-tide-hack/apply",
    "/hackathon-teams/join?code=nothing",
    "/discover/claims",
    "/discover/for-you",
    "/discover/learning",
    "/discover/saved",
    "/discover/preferences",
    "/discover/watching",
    "/friends",
    "/friends?list=blocked",
    "/rewards/tide-stickers",
    "/rewards/redemptions",
    "/leaderboards",
    "/inbox",
    "/inbox?show=unread",
    "/settings/sessions",
    "/settings/tokens",
    "/settings/email",
    "/settings/email/verify?token=x",
    "/settings/notifications",
    "/settings/notifications/phone",
    "/settings/webhooks",
    "/settings/identities",
    "/settings/account",
    "/settings/listing",
    "/me/standing",
    "/disputes/new",
    "/seasons/demo/register",
    "/seasons/demo/withdraw",
    "/dev/mail",
    "/sign-in",
    "/admin/deliveries",
    "/nothing/here",
];

const ADMIN: &[&str] = &[
    "/admin/discovery",
    "/admin/discovery/labels",
    "/admin/discovery/labels?q=good",
    "/",
    "/admin/hackathons",
    "/admin/hackathons/spring-tide-hack/points",
    "/admin/rewards",
    "/admin/rewards/new",
    "/admin/rewards/hosting-voucher",
    "/admin/rewards/redemptions",
    "/admin/overview",
    "/admin/deliveries",
    "/admin/deliveries?state=dead",
    "/admin/deliveries?event=nothing.such",
    "/admin/people",
    "/admin/people?q=unknown-login",
    "/admin/badges",
    "/admin/badges/new",
    "/admin/badges/first-merge",
    "/admin/ledger",
    "/admin/disputes",
    "/admin/disputes?state=appealed",
    "/admin/disputes?state=decided&kind=flag",
    "/disputes/D-1",
    "/me/standing",
    "/projects",
    "/projects/new",
    "/seasons",
    "/seasons/new",
    "/seasons/demo/edit",
    "/seasons/demo/projects",
    "/seasons/demo/publish-rules",
    "/seasons/demo/organizers",
    "/seasons/demo/participants",
    "/seasons/demo/report",
    "/admin/fair-play/repositories",
    "/admin/backups",
    "/admin/costs",
    "/admin/feedback",
    "/admin/flags",
    "/admin/maintenance",
    "/admin/slow",
    "/admin/use?by=month",
    "/feedback",
    "/admin/health",
    "/admin/settings",
    "/admin/jobs",
    "/admin/notifications",
    "/admin/notifications?state=dead",
    "/admin/notifications?person=unknown-login",
    "/admin/jobs/LedgerVerification",
    "/admin/ctf",
    "/admin/ctf/privacy",
    "/ctf/rosters/new",
    "/admin/discovery/model",
    "/admin/game-platform",
    "/admin/game-platform/preflight",
    "/admin/game-platform/reconciliation",
    "/admin/game-platform/rollout",
    "/admin/audit",
    "/admin/audit?actor=unknown-login",
    "/admin/fair-play",
    "/admin/fair-play?state=confirmed&kind=burst",
    "/admin/fair-play/1",
    "/admin/fair-play/9999",
];

fn owned(pages: &[&str]) -> Vec<String> {
    pages.iter().map(|page| (*page).to_owned()).collect()
}

async fn sign_in(eye: &mut Eye<'_, '_>, part: &str) -> Result<()> {
    // The portrait below must be the one of the new session.
    eye.driver.forget_cookies().await?;
    eye.open("/sign-in").await?;
    let button = format!("button[value='{part}']");
    eye.driver.click(&button).await?;
    eye.driver.text(".account .face").await?;
    Ok(())
}
