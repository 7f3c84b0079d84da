// A map that is ready is told wherever one is.
import { address, route } from "../frame/router.js";
import { toast } from "../frame/toasts.js";
import { onFrame } from "../live/channel.js";
import { t } from "../words/words.js";

/** Begin to listen. */
export function startMapNews() {
  onFrame("graph_ready", ({ graphId }) => {
    if (route.value.parts[0] === "map") return toast(t("map.ready"));
    toast(t("map.ready"), { action: { label: t("notifications.open"), href: address(`/map/${graphId}`) } });
  });
}
