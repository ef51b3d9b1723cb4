"""Events, passed to every plugin that observes."""

from __future__ import annotations

from collections.abc import Callable

import pluggy

from simsearch.components import Event, Notice
from simsearch.plugins.broken_plugins import PluginProblem


class Observers:
    """The plugins with a `simsearch_observe` hook. One that raises is reported once, and gets no more events.

    Args:
        report_failure: Takes the name of the plugin and what it raised; returns the problem that was reported.
    """

    def __init__(
        self, manager: pluggy.PluginManager, report_failure: Callable[[str, BaseException], PluginProblem]
    ) -> None:
        self._manager = manager
        self._report_failure = report_failure
        self._stopped: set[str] = set()

    def observe(self, event: Event) -> None:
        for observer in self._manager.hook.simsearch_observe.get_hookimpls():
            if observer.plugin_name in self._stopped:
                continue
            try:
                observer.function(*(event for _ in observer.argnames))
            except (Exception, SystemExit) as error:
                self._stop(observer.plugin_name, error)

    def _stop(self, plugin: str, error: BaseException) -> None:
        self._stopped.add(plugin)
        self.observe(Notice(str(self._report_failure(plugin, error)), warning=True))
