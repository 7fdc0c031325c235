// Loads the page again as soon as the server is another one than that which had the error.
const { status, shown } = document.documentElement.dataset;

async function look() {
  let away = false;
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    try {
      const answer = await fetch(status, { cache: "no-store" });
      // A proxy's own answer while the server is away says nothing of it; 404 is another app's.
      const own = answer.headers.get("content-type") === "application/json";
      const said = own ? await answer.text() : shown;
      if (answer.status === 404 || said !== shown || (own && away)) return location.reload();
    } catch {
      away = true;
    }
  }
}

look();
