// The banner in an iOS app: a web view that takes the height of the banner in it.
import UIKit
import WebKit

final class CandorBanner: UIView, WKNavigationDelegate, WKScriptMessageHandler {
    private static let page = URL(string: "https://status.example.com/embed?variant=banner")!
    private let web = WKWebView(frame: .zero)
    private let lastKnown = UILabel()
    private var height: NSLayoutConstraint!
    private var fromCache = false

    override init(frame: CGRect) {
        super.init(frame: frame)
        // Zero height, not `isHidden`: a page that is not visible does not poll.
        height = web.heightAnchor.constraint(equalToConstant: 0)
        height.isActive = true
        lastKnown.font = .preferredFont(forTextStyle: .footnote)
        lastKnown.adjustsFontForContentSizeCategory = true
        lastKnown.numberOfLines = 0
        lastKnown.isHidden = true
        let stack = UIStackView(arrangedSubviews: [web, lastKnown])
        stack.axis = .vertical
        stack.translatesAutoresizingMaskIntoConstraints = false
        addSubview(stack)
        NSLayoutConstraint.activate([
            stack.topAnchor.constraint(equalTo: topAnchor),
            stack.bottomAnchor.constraint(equalTo: bottomAnchor),
            stack.leadingAnchor.constraint(equalTo: leadingAnchor),
            stack.trailingAnchor.constraint(equalTo: trailingAnchor),
        ])
        web.navigationDelegate = self
        web.scrollView.isScrollEnabled = false
        // The page pads itself for the safe areas.
        web.scrollView.contentInsetAdjustmentBehavior = .never
        web.configuration.userContentController.add(Weak(self), name: "candor")
        // A loaded page polls again by itself when the network is back. A page that never loaded is loaded here.
        NotificationCenter.default.addObserver(
            self, selector: #selector(retry), name: UIApplication.willEnterForegroundNotification, object: nil)
        load(cached: false)
    }

    required init?(coder: NSCoder) { fatalError("made in code") }

    private func load(cached: Bool) {
        fromCache = cached
        let policy: URLRequest.CachePolicy = cached ? .returnCacheDataElseLoad : .useProtocolCachePolicy
        web.load(URLRequest(url: Self.page, cachePolicy: policy, timeoutInterval: 10))
    }

    @objc private func retry() {
        if fromCache { load(cached: false) }
    }

    private var last: [String: Any]? { UserDefaults.standard.dictionary(forKey: "candor") }

    func userContentController(_ controller: WKUserContentController, didReceive received: WKScriptMessage) {
        guard let message = received.body as? [String: Any], message["candor"] as? Int == 1,
            var indicator = message["indicator"] as? String, let points = message["height"] as? Double
        else { return }
        lastKnown.isHidden = true
        if indicator == "unknown" {
            // Keep what was shown: a device that goes offline while all is well shows no banner.
            indicator = last?["indicator"] as? String ?? indicator
        } else {
            UserDefaults.standard.set(message, forKey: "candor")
        }
        height.constant = indicator == "none" ? 0 : points
    }

    /// Without a network, or when the edge fails: shows the cached page, which shows its age, or the last message.
    private func failed() {
        if !fromCache { return load(cached: true) }
        guard let indicator = last?["indicator"] as? String, let at = last?["confirmed_at"] as? String else { return }
        let parser = ISO8601DateFormatter()
        parser.formatOptions.insert(.withFractionalSeconds)
        let words = parser.date(from: at)?.formatted(date: .abbreviated, time: .shortened) ?? at
        lastKnown.text = "Status on \(words): \(indicator). We cannot check right now."
        lastKnown.isHidden = indicator == "none"
    }

    func webView(_ web: WKWebView, didFailProvisionalNavigation navigation: WKNavigation!, withError error: Error) {
        failed()
    }

    func webViewWebContentProcessDidTerminate(_ web: WKWebView) {
        load(cached: false)
    }

    // A response of 400 or above is cancelled, which calls `didFailProvisionalNavigation`.
    func webView(
        _ web: WKWebView, decidePolicyFor response: WKNavigationResponse,
        decisionHandler: @escaping (WKNavigationResponsePolicy) -> Void
    ) {
        let status = (response.response as? HTTPURLResponse)?.statusCode ?? 200
        decisionHandler(status < 400 ? .allow : .cancel)
    }

    // A link opens in the browser: this view shows only the banner.
    func webView(
        _ web: WKWebView, decidePolicyFor action: WKNavigationAction,
        decisionHandler: @escaping (WKNavigationActionPolicy) -> Void
    ) {
        guard action.navigationType == .linkActivated, let url = action.request.url else {
            return decisionHandler(.allow)
        }
        UIApplication.shared.open(url)
        decisionHandler(.cancel)
    }
}

/// The web view never releases its message handlers. This one holds the banner weakly, so that the banner can be freed.
private final class Weak: NSObject, WKScriptMessageHandler {
    private weak var banner: CandorBanner?

    init(_ banner: CandorBanner) { self.banner = banner }

    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        banner?.userContentController(controller, didReceive: message)
    }
}
