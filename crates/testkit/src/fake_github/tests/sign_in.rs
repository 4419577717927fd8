use super::*;

#[tokio::test]
async fn sign_in_needs_the_code_the_proof_and_the_secret() {
    let scene = GithubScene::new().await;
    let verifier = "a-verifier-of-more-than-forty-three-characters";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let code = async || {
        let url = format!(
            "{}/login/oauth/authorize?client_id=guildhall&redirect_uri=http://localhost/back&state=x%2Fy\
            &scope=read:user&code_challenge={challenge}&code_challenge_method=S256&login=hexacat",
            scene.github.url()
        );
        let answer = scene.client.get(url).send().await.expect("an answer");
        let back = answer.headers()["location"].to_str().expect("text").to_owned();
        let query = back.strip_prefix("http://localhost/back?code=").expect("a code");
        query.strip_suffix("&state=x%2Fy").expect("the state").to_owned()
    };
    let exchange = async |code: &str, verifier: &str, secret: &str| {
        let form = [
            ("client_id", "guildhall"),
            ("client_secret", secret),
            ("code", code),
            ("code_verifier", verifier),
        ];
        let url = format!("{}/login/oauth/access_token", scene.github.url());
        let request = scene.client.post(url).header("accept", "application/json").form(&form);
        read(request.send().await.expect("an answer")).await.1
    };
    assert_eq!(exchange("x", verifier, "no").await["error"], "incorrect_client_credentials");
    let wrong = exchange(&code().await, "something else", "fake-secret").await;
    assert_eq!(wrong["error"], "bad_verification_code");
    let good = code().await;
    let token = exchange(&good, verifier, "fake-secret").await;
    assert_eq!((&token["token_type"], &token["scope"]), (&json!("bearer"), &json!("read:user")));
    let again = exchange(&good, verifier, "fake-secret").await;
    assert_eq!(again["error"], "bad_verification_code");

    let token = token["access_token"].as_str().expect("a token");
    let me = || scene.client.get(format!("{}/user", scene.github.url())).bearer_auth(token).send();
    let answer = me().await.expect("an answer");
    assert_eq!(answer.headers()["x-oauth-scopes"], "read:user");
    assert_eq!(read(answer).await.1["login"], "hexacat");
    let emails = scene.client.get(format!("{}/user/emails", scene.github.url()));
    assert_eq!(emails.bearer_auth(token).send().await.expect("an answer").status(), 404);
    scene.github.revoke(token);
    let (status, refused) = read(me().await.expect("an answer")).await;
    assert_eq!((status, &refused["message"]), (401, &json!("Bad credentials")));
    assert_eq!(scene.get("/user", "").await.0, 401);
}

#[tokio::test]
async fn people_change_their_bio_by_the_api_and_on_a_page() {
    let scene = GithubScene::new().await;
    let bio = async || scene.get("/users/hexacat", "").await.1["bio"].clone();
    assert_eq!(bio().await, Value::Null);
    let token = scene.github.token("hexacat", &["user"]).expect("a person");
    let user = format!("{}/user", scene.github.url());
    let change = scene.client.patch(user).bearer_auth(token).json(&json!({ "bio": "Draws cats" }));
    assert_eq!(read(change.send().await.expect("an answer")).await.1["bio"], "Draws cats");
    let page = format!("{}/settings/profile", scene.github.url());
    let shown = scene.client.get(format!("{page}?login=hexacat")).send().await.expect("an answer");
    assert!(shown.text().await.expect("text").contains("value=\"Draws cats\""));
    let save = async |text: &str| {
        let form = [("login", "hexacat"), ("bio", text)];
        scene.client.post(&page).form(&form).send().await.expect("an answer").status()
    };
    assert_eq!(save(&"x".repeat(161)).await, 422);
    assert_eq!(save("Still <draws> cats").await, 303);
    assert_eq!(bio().await, "Still <draws> cats");
    assert_eq!(save("").await, 303);
    assert_eq!(bio().await, Value::Null);
}
