// The banner in an Android app: a web view that is as high as what there is to tell.
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
        // Without height, but not GONE: a page that is not visible does not look for news.
        addView(web, LayoutParams(LayoutParams.MATCH_PARENT, 0))
        addView(lastKnown, LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT))
        web.settings.javaScriptEnabled = true
        // The only page that this view ever shows is PAGE (see `shouldOverrideUrlLoading`), so nobody else calls it.
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

    /** No network, or an edge that fails: the copy in the cache, which says its age; else the last message. */
    private fun failed() {
        if (!fromCache) return load(cached = true)
        val last = last() ?: return
        val at = Date.from(Instant.parse(last.getString("confirmed_at")))
        val words = DateFormat.getDateTimeInstance(DateFormat.MEDIUM, DateFormat.SHORT).format(at)
        lastKnown.text = "Status on $words: ${last.getString("state")}. We cannot check right now."
        lastKnown.visibility = if (last.getString("state") == "none") View.GONE else View.VISIBLE
    }

    private fun last() = saved.getString("last", null)?.let(::JSONObject)

    private fun heard(text: String) {
        val message = JSONObject(text)
        if (message.optInt("candor") != 1) return
        // From here on the network is asked first again.
        web.settings.cacheMode = WebSettings.LOAD_DEFAULT
        lastKnown.visibility = View.GONE
        var state = message.getString("state")
        if (state == "unknown") {
            // Who is offline and knew of nothing is not told that all is well, but needs no banner either.
            state = last()?.getString("state") ?: state
        } else {
            saved.edit().putString("last", text).apply()
        }
        val height = if (state == "none") 0.0 else ceil(message.getDouble("height") * resources.displayMetrics.density)
        web.layoutParams = web.layoutParams.apply { this.height = height.toInt() }
    }

    /** Call it when the app is on the network again, from `ConnectivityManager.NetworkCallback.onAvailable`. */
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
        // Called on a thread of the web view's.
        @JavascriptInterface
        fun postMessage(text: String) {
            post { heard(text) }
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
