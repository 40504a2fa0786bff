// The banner in an Android app: a web view that takes the height of the banner in it.
package com.example.status

import android.content.Context
import android.content.Intent
import android.content.res.Configuration
import android.util.AttributeSet
import android.view.View
import android.webkit.JavascriptInterface
import android.webkit.WebResourceError
import android.webkit.WebResourceRequest
import android.webkit.WebResourceResponse
import android.webkit.WebSettings
import android.webkit.WebView
import android.webkit.WebViewClient
import android.widget.LinearLayout
import android.widget.TextView
import org.json.JSONObject
import java.text.DateFormat
import java.time.Instant
import java.util.Date
import kotlin.math.ceil
import kotlin.math.roundToInt

private const val PAGE = "https://status.example.com/embed?variant=banner"

class CandorBanner @JvmOverloads constructor(context: Context, attributes: AttributeSet? = null) :
    LinearLayout(context, attributes) {

    private val saved = context.getSharedPreferences("candor", Context.MODE_PRIVATE)
    private val web = WebView(context)
    private val lastKnown = TextView(context).apply { visibility = View.GONE }
    private var fromCache = false

    init {
        orientation = VERTICAL
        // Zero height, not GONE: a page that is not visible does not poll.
        addView(web, LayoutParams(LayoutParams.MATCH_PARENT, 0))
        addView(lastKnown, LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT))
        web.settings.javaScriptEnabled = true
        // Only PAGE can call the bridge: this view never shows another page (see `shouldOverrideUrlLoading`).
        web.addJavascriptInterface(Bridge(), "CandorHost")
        web.webViewClient = Client()
        scaleText(resources.configuration)
        load(cached = false)
    }

    private fun load(cached: Boolean) {
        fromCache = cached
        web.settings.cacheMode = if (cached) WebSettings.LOAD_CACHE_ELSE_NETWORK else WebSettings.LOAD_DEFAULT
        web.loadUrl(PAGE)
    }

    /** Without a network, or when the edge fails: shows the cached page, which shows its age, or the last message. */
    private fun failed() {
        if (!fromCache) return load(cached = true)
        val last = last() ?: return
        val at = Date.from(Instant.parse(last.getString("confirmed_at")))
        val words = DateFormat.getDateTimeInstance(DateFormat.MEDIUM, DateFormat.SHORT).format(at)
        lastKnown.text = "Status on $words: ${last.getString("indicator")}. We cannot check right now."
        lastKnown.visibility = if (last.getString("indicator") == "none") View.GONE else View.VISIBLE
    }

    private fun last() = saved.getString("last", null)?.let(::JSONObject)

    private fun received(text: String) {
        val message = JSONObject(text)
        if (message.optInt("candor") != 1) return
        // The page has loaded, so the next load tries the network first.
        web.settings.cacheMode = WebSettings.LOAD_DEFAULT
        lastKnown.visibility = View.GONE
        var indicator = message.getString("indicator")
        if (indicator == "unknown") {
            // Keep what was shown: a device that goes offline while all is well shows no banner.
            indicator = last()?.getString("indicator") ?: indicator
        } else {
            saved.edit().putString("last", text).apply()
        }
        val height = if (indicator == "none") 0.0 else ceil(message.getDouble("height") * resources.displayMetrics.density)
        web.layoutParams = web.layoutParams.apply { this.height = height.toInt() }
    }

    /** Call this when the network is back, from `ConnectivityManager.NetworkCallback.onAvailable`. */
    fun retry() {
        post { if (fromCache) load(cached = false) }
    }

    override fun onConfigurationChanged(configuration: Configuration) {
        super.onConfigurationChanged(configuration)
        scaleText(configuration)
    }

    private fun scaleText(configuration: Configuration) {
        web.settings.textZoom = (100 * configuration.fontScale).roundToInt()
    }

    private inner class Bridge {
        // The web view calls this on a thread of its own.
        @JavascriptInterface
        fun postMessage(text: String) {
            post { received(text) }
        }
    }

    private inner class Client : WebViewClient() {
        override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest): Boolean {
            context.startActivity(Intent(Intent.ACTION_VIEW, request.url).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
            return true
        }

        override fun onReceivedError(view: WebView, request: WebResourceRequest, error: WebResourceError) {
            if (request.isForMainFrame) failed()
        }

        override fun onReceivedHttpError(view: WebView, request: WebResourceRequest, response: WebResourceResponse) {
            if (request.isForMainFrame) failed()
        }
    }
}
