"""The dashboard and the HTTP service in one process; start it with `streamlit run app.py`.

Streamlit imports this file once as `app`, for the web server, and runs it as `__main__` for each
visitor, who gets the page that the address asks for.
"""

from pathlib import Path

import streamlit as st

# A picture of our own: for an icon by name the browser would ask a font server.
ICON = Path(__file__).parent / "asl_core" / "service" / "static" / "icon.svg"

if __name__ == "__main__":
    from asl_core.service.first_requests import first_requests
    from pages.panels.frame.loading import wait_for_loading
    from pages.panels.frame.menu import APP_TITLE, page_of_menu, screen_of

    st.set_page_config(page_title=APP_TITLE, page_icon=str(ICON), layout="wide")
    page = page_of_menu()
    with first_requests.answering():
        wait_for_loading(screen_of(page))
        page.run()
else:
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager

    from asl_core.errors import SettingsError
    from asl_core.logs import LogSettings, set_up_logs
    from asl_core.service.first_requests import counted_requests
    from asl_core.service.late_service import LateService
    from asl_core.service.side_routes import page_routes
    from pages.panels.frame.first_paint import painted_pages
    from pages.panels.frame.loading import loading
    from pages.panels.frame.menu import keep_old_menu_away
    from pages.panels.frame.shared_recognizer import service_beside_pages
    from pages.panels.frame.start_checks import check_settings

    keep_old_menu_away()

    try:
        set_up_logs(LogSettings.from_environment(), whole_process=False)
        check_settings()
    except SettingsError as error:
        raise SystemExit(f"The dashboard cannot start: {error}") from None

    service = LateService(service_beside_pages)

    @asynccontextmanager
    async def running(_: st.App) -> AsyncIterator[None]:
        """Load what pages read with while the server begins to listen."""
        loading.start(service.build)
        async with service.running():
            yield

    below = str(st.get_option("server.baseUrlPath") or "")
    app = st.App(
        __file__,
        routes=[*service.routes(below), *page_routes(painted_pages(), below)],
        middleware=counted_requests(),
        lifespan=running,
    )
