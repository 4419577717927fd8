use chrono::TimeDelta;
use platform::crypto::RsaKey;

use super::*;

impl GithubScene {
    /// Returns a token of the App that begins at `begins` and ends at `ends`, in seconds from now.
    fn app_token(&self, begins: i64, ends: i64) -> String {
        let now = self.clock.now().timestamp();
        let claims = json!({ "iat": now + begins, "exp": now + ends, "iss": APP_ID.to_string() });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({ "alg": "RS256", "typ": "JWT" }));
        let signed = format!("{head}.{}", part(&claims));
        let key = RsaKey::from_pem(APP_KEY).expect("a key");
        let signature = key.sign(signed.as_bytes()).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    async fn with_token(&self, method: Method, path: &str, token: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.github.url());
        let request = self.client.request(method, url).bearer_auth(token);
        read(request.send().await.expect("an answer")).await
    }

    async fn installation_token(&self, id: i64) -> (u16, Value) {
        let path = format!("/app/installations/{id}/access_tokens");
        let token = self.app_token(-60, 540);
        self.with_token(Method::POST, &path, &token).await
    }
}

#[tokio::test]
async fn only_a_valid_token_of_the_app_is_accepted() {
    let scene = GithubScene::new().await;
    for (begins, ends, status) in [(-60, 540, 200), (-60, 541, 401), (60, 540, 401), (-600, 0, 401)]
    {
        let token = scene.app_token(begins, ends);
        let (found, body) = scene.with_token(Method::GET, "/app", &token).await;
        assert_eq!(found, status, "{begins} to {ends}: {body}");
    }
    let mut forged = scene.app_token(-60, 540);
    forged.truncate(forged.len() - 4);
    let (status, _) = scene.with_token(Method::GET, "/app", &forged).await;
    assert_eq!(status, 401);
    assert_eq!(scene.get("/app", "monacat").await.0, 401);
}

#[tokio::test]
async fn tokens_of_installations_end_and_suspended_ones_refuse() {
    let scene = GithubScene::new().await;
    scene.github.add_repo("octo-tools", "harbor");
    let id = scene.github.install("octo-tools", &[REPO]).expect("known");
    let (status, made) = scene.installation_token(id).await;
    assert_eq!((status, &made["expires_at"]), (201, &json!("2026-10-01T13:00:00Z")));
    let token = made["token"].as_str().expect("text").to_owned();
    let listed = async || {
        let path = "/installation/repositories";
        scene.with_token(Method::GET, path, &token).await
    };
    let (status, list) = listed().await;
    assert_eq!((status, &list["total_count"]), (200, &json!(1)));
    assert_eq!(list["repositories"][0]["full_name"], REPO);
    assert_eq!(scene.with_token(Method::GET, "/user", &token).await.0, 403);

    scene.github.suspend(id, true).expect("known");
    assert_eq!(listed().await.0, 403);
    assert_eq!(scene.installation_token(id).await.0, 403);
    scene.github.suspend(id, false).expect("known");
    assert_eq!(listed().await.0, 200);
    scene.clock.advance(TimeDelta::hours(1));
    assert_eq!(listed().await.0, 401);
    scene.github.uninstall(id).expect("known");
    assert_eq!(scene.installation_token(id).await.0, 404);
}

#[tokio::test]
async fn the_installation_of_a_repository_states_roles() {
    let scene = GithubScene::new().await;
    let path = format!("/repos/{REPO}/installation");
    let found = async || {
        let token = scene.app_token(-60, 540);
        scene.with_token(Method::GET, &path, &token).await
    };
    assert_eq!(found().await.0, 404);
    let id = scene.github.install("octo-tools", &[REPO]).expect("known");
    let (status, installation) = found().await;
    assert_eq!((status, &installation["id"]), (200, &json!(id)));
    assert_eq!(scene.get(&path, "monacat").await.0, 401);

    let (_, made) = scene.installation_token(id).await;
    let token = made["token"].as_str().expect("text").to_owned();
    let role = async || {
        let path = format!("/repos/{REPO}/collaborators/monacat/permission");
        scene.with_token(Method::GET, &path, &token).await
    };
    let (status, role_of_monacat) = role().await;
    assert_eq!(status, 200, "{role_of_monacat}");
    assert!(role_of_monacat["role_name"].is_string());
    scene.github.switch(|switches| switches.hidden_roles = true);
    assert_eq!(role().await.0, 403);
}

#[tokio::test]
async fn the_app_receives_events_of_its_installations() {
    let scene = GithubScene::new().await;
    let (url, mut received) = receiver().await;
    scene.github.deliver_app_to(&url, "the app's secret");
    scene.open("Before");
    let id = scene.github.install("octo-tools", &[]).expect("known");
    scene.open("Not included");
    scene.github.include(id, REPO, true).expect("known");
    scene.open("Included");
    scene.github.suspend(id, true).expect("known");
    scene.open("Suspended");
    scene.github.settle().await;
    let mut events = Vec::new();
    while let Ok((headers, body)) = received.try_recv() {
        let text = |name: &str| headers[name].to_str().expect("text");
        assert_eq!(text("x-hub-signature-256"), sign("the app's secret", &body));
        assert_eq!(text("x-github-hook-installation-target-type"), "integration");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["installation"]["id"], id, "{body}");
        let action = body["action"].as_str().expect("text");
        events.push(format!("{} {action}", text("x-github-event")));
    }
    assert_eq!(
        events,
        [
            "installation created",
            "installation_repositories added",
            "pull_request opened",
            "installation suspend"
        ]
    );
}

#[tokio::test]
async fn a_manifest_creates_the_app_and_its_code_works_once() {
    let scene = GithubScene::new().await;
    let (url, mut received) = receiver().await;
    let base = scene.github.url();
    let manifest = |event: &str| {
        json!({
            "name": "Fenwick Commons",
            "url": "http://fenwick.example",
            "redirect_url": "http://fenwick.example/created",
            "hook_attributes": { "url": url },
            "default_permissions": { "metadata": "read", "pull_requests": "read" },
            "default_events": [event],
        })
        .to_string()
    };
    let propose = async |path: &str, event: &str| {
        let request = scene.client.post(format!("{base}{path}"));
        let answer = request.form(&[("manifest", manifest(event))]).send().await;
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let path = "/organizations/octo-tools/settings/apps/new?state=abc";
    assert_eq!(propose(path, "push").await.0, 422, "without a permission for it");
    assert_eq!(propose("/organizations/unknown/settings/apps/new", "repository").await.0, 404);
    let (status, page) = propose(path, "pull_request").await;
    assert_eq!(status, 200, "{page}");
    let action = page.split("action=\"").nth(1).and_then(|rest| rest.split('"').next());
    let action = format!("{base}{}", action.expect("a form"));
    let created = scene.client.post(&action).send().await.expect("an answer");
    let back = created.headers()["location"].to_str().expect("text").to_owned();
    let code = back.split("code=").nth(1).and_then(|rest| rest.strip_suffix("&state=abc"));
    let path = format!("/app-manifests/{}/conversions", code.expect("a code"));
    let (status, app) = scene.send(Method::POST, &path, "", Value::Null).await;
    assert_eq!(
        (status, &app["id"], &app["slug"]),
        (201, &json!(APP_ID), &json!("fenwick-commons"))
    );
    assert_eq!(scene.send(Method::POST, &path, "", Value::Null).await.0, 404);

    scene.github.settle().await;
    let secret = app["webhook_secret"].as_str().expect("a secret");
    let token = scene.app_token(-60, 540);
    let path = "/app/hook/deliveries?per_page=30";
    let (_, list) = scene.with_token(Method::GET, path, &token).await;
    assert_eq!(list[0]["event"], "ping", "{list}");
    let path = format!("/app/hook/deliveries/{}/attempts", list[0]["id"]);
    assert_eq!(scene.with_token(Method::POST, &path, &token).await.0, 202);
    scene.github.settle().await;
    let mut pings = 0;
    while let Ok((headers, body)) = received.try_recv() {
        assert_eq!(headers["x-github-event"], "ping");
        assert_eq!(headers["x-hub-signature-256"], sign(secret, &body));
        pings += 1;
    }
    assert_eq!(pings, 2);
}

#[tokio::test]
async fn a_person_installs_the_app_in_all_or_some_repositories() {
    let scene = GithubScene::new().await;
    scene.github.add_repo("octo-tools", "harbor");
    let address = format!("{}/apps/guildhall/installations/new", scene.github.url());
    let page = scene.client.get(&address).send().await.expect("an answer");
    let page = page.text().await.expect("text");
    for part in ["All repositories", "Only select repositories", "value=\"octo-tools/harbor\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let other = scene.client.get(address.replace("guildhall", "another")).send().await;
    assert_eq!(other.expect("an answer").status().as_u16(), 404);
    let install = async |choice: &[(&str, &str)]| {
        let fields = [choice, &[("account", "octo-tools")]].concat();
        let sent = scene.client.post(&address).form(&fields).send().await;
        sent.expect("an answer").status().as_u16()
    };
    let included = async || {
        let (_, list) =
            scene.with_token(Method::GET, "/app/installations", &scene.app_token(-60, 540)).await;
        let id = list[0]["id"].as_i64().expect("one installation");
        assert!(list[1].is_null(), "{list}");
        let (_, made) = scene.installation_token(id).await;
        let token = made["token"].as_str().expect("text").to_owned();
        let path = "/installation/repositories";
        let (_, found) = scene.with_token(Method::GET, path, &token).await;
        found["total_count"].as_i64().expect("a number")
    };
    assert_eq!(install(&[("choice", "selected")]).await, 422, "nothing is selected");
    assert_eq!(install(&[("choice", "selected"), ("repository", REPO)]).await, 200);
    assert_eq!(included().await, 1);
    assert_eq!(install(&[("choice", "all")]).await, 200);
    assert_eq!(included().await, 2);
}
