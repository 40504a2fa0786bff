// The banner in a React Native app: a web view that takes the height of the banner in it.
// Needs react-native-webview and @react-native-async-storage/async-storage.
import AsyncStorage from '@react-native-async-storage/async-storage'
import { useEffect, useRef, useState } from 'react'
import { AppState, Linking, Text, View } from 'react-native'
import { WebView } from 'react-native-webview'

const PAGE = 'https://status.example.com/embed?variant=banner'

const last = async () => JSON.parse(await AsyncStorage.getItem('candor'))

export const CandorBanner = () => {
  const [height, setHeight] = useState(0)
  const [lastKnown, setLastKnown] = useState()
  const [fromCache, setFromCache] = useState(false)
  const web = useRef(null)

  const received = async ({ nativeEvent }) => {
    const message = JSON.parse(nativeEvent.data)
    if (message.candor !== 1) return
    setLastKnown()
    let { indicator } = message
    // Keep what was shown: a device that goes offline while all is well shows no banner.
    if (indicator === 'unknown') indicator = (await last())?.indicator ?? indicator
    else AsyncStorage.setItem('candor', nativeEvent.data)
    setHeight(indicator === 'none' ? 0 : message.height)
  }

  // Without a network, or when the edge fails: on Android the cached page, which shows its age; otherwise the last message.
  const failed = async () => {
    setHeight(0)
    if (!fromCache) return setFromCache(true)
    const message = await last()
    if (message && message.indicator !== 'none') setLastKnown(message)
  }

  // When the app comes to the foreground, try the network again.
  useEffect(() => {
    const back = AppState.addEventListener('change', state => state === 'active' && setFromCache(false))
    return () => back.remove()
  }, [])

  // A new `key` makes a new view, which loads again. The view is mounted with zero height: a page that is not visible
  // does not poll.
  return (
    <View>
      <View style={{ height }}>
        <WebView
          key={fromCache}
          ref={web}
          source={{ uri: PAGE }}
          cacheMode={fromCache ? 'LOAD_CACHE_ELSE_NETWORK' : 'LOAD_DEFAULT'}
          onMessage={received}
          onError={failed}
          onHttpError={failed}
          renderError={() => <View />}
          onContentProcessDidTerminate={() => web.current?.reload()}
          setSupportMultipleWindows={false}
          onShouldStartLoadWithRequest={({ url, isTopFrame }) => {
            if (url === PAGE || isTopFrame === false) return true
            Linking.openURL(url)
            return false
          }}
          scrollEnabled={false}
          contentInsetAdjustmentBehavior="never"
        />
      </View>
      {lastKnown && (
        <Text>
          Status on {new Date(lastKnown.confirmed_at).toLocaleString()}: {lastKnown.indicator}. We cannot check right now.
        </Text>
      )}
    </View>
  )
}
