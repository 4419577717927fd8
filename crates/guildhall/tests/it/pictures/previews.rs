//! Pictures of pages for other sites.

use crate::app::TestApp;

#[tokio::test]
async fn public_pages_have_a_picture_that_only_the_server_can_ask_for() {
    let app = TestApp::with(|config| {
        config.public_url = Some("https://guild.example".to_owned());
    })
    .await;
    let browser = app.browser_of("wren-oak").await;
    let page = browser.get("/people/wren-oak").await.text;
    let mark = "<meta property=\"og:image\" content=\"https://guild.example";
    let path = page.split(mark).nth(1).expect("a picture");
    let path = path.split('"').next().expect("an address").to_owned();
    for _ in 0..2 {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["content-type"], "image/png");
    }
    let (said, marked) = path.split_once('.').expect("a mark");
    for forged in [format!("{said}00.{marked}"), format!("{said}.00.png"), format!("{said}.png")] {
        assert_eq!(browser.get(&forged).await.status, 404, "{forged}");
    }
    app.finish().await;
}
