// The banner in a React Native app: a web view that is as high as what there is to tell.
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

  const heard = async ({ nativeEvent }) => {
    const message = JSON.parse(nativeEvent.data)
    if (message.candor !== 1) return
    setLastKnown()
    let { state } = message
    // Who is offline and knew of nothing is not told that all is well, but needs no banner either.
    if (state === 'unknown') state = (await last())?.state ?? state
    else AsyncStorage.setItem('candor', nativeEvent.data)
    setHeight(state === 'none' ? 0 : message.height)
  }

  // No network, or an edge that fails: on Android the copy in the cache, which says its age; else the last message.
  const failed = async () => {
    setHeight(0)
    if (!fromCache) return setFromCache(true)
    const message = await last()
    if (message && message.state !== 'none') setLastKnown(message)
  }

  // Whoever comes back to the app may be on the network again.
  useEffect(() => {
    const back = AppState.addEventListener('change', state => state === 'active' && setFromCache(false))
    return () => back.remove()
  }, [])

  // A new `key` is a new view: it loads again. Without height, but there: a page that is not visible does not look
  // for news.
  return (
    <View>
      <View style={{ height }}>
        <WebView
          key={fromCache}
          ref={web}
          source={{ uri: PAGE }}
          cacheMode={fromCache ? 'LOAD_CACHE_ELSE_NETWORK' : 'LOAD_DEFAULT'}
          onMessage={heard}
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
          Status on {new Date(lastKnown.confirmed_at).toLocaleString()}: {lastKnown.state}. We cannot check right now.
        </Text>
      )}
    </View>
  )
}
