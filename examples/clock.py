"""A stream without polling: one task per page, which ends by itself when the tab is closed.

python examples/clock.py, then open http://127.0.0.1:8050
"""

import asyncio
import time

from wscb import App, html, set_props

app = App(__name__, title="Clock")
app.layout = html.Main([html.H1(html.Time(id="clock")), html.P("The server sends the time; nothing polls.")])


@app.callback(persistent=True)
async def clock() -> None:
    while True:
        set_props("clock", {"children": time.strftime("%X")})
        await asyncio.sleep(1)


server = app.server  # for: uvicorn clock:server

if __name__ == "__main__":
    app.run(debug=True)
